#!/bin/sh
# Installs PlateTrail from this bundle, or upgrades it; needs no network.
#
#     ./install.sh                          into /opt/platetrail
#     ./install.sh --prefix DIR             somewhere else
#     ./install.sh --python PROGRAM         with another Python than python3
#     ./install.sh --roll-back              back to the version before
#
# Each version has a folder of its own below releases; `current` names the one in use. It is
# switched at once, after the new one is whole and has been tried. Data is not touched.
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)
prefix=/opt/platetrail
python=python3
roll_back=

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

while [ $# -gt 0 ]; do
    case $1 in
        --prefix) prefix=${2:?--prefix wants a folder}; shift 2 ;;
        --python) python=${2:?--python wants a program}; shift 2 ;;
        --roll-back) roll_back=1; shift ;;
        *) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
done

# one link takes the place of another in one step
point() {
    ln -sfn "$2" "$prefix/.$1.new"
    mv -T "$prefix/.$1.new" "$prefix/$1"
}

use() {
    before=$(readlink "$prefix/current" || true)
    point current "$1"
    if [ -n "$before" ] && [ "$before" != "$1" ]; then
        point previous "$before"
    fi
    [ -L "$prefix/bin" ] || ln -s current/bin "$prefix/bin"
    echo "$("$prefix/bin/platetrail" --version) is installed in $prefix"
    echo "restart what runs: systemctl restart 'platetrail-*'"
}

mkdir -p "$prefix/releases"
prefix=$(cd "$prefix" && pwd)
exec 9>"$prefix/.lock"
flock -n 9 || fail "another install.sh is at work in $prefix: wait for it"
if [ -e "$prefix/bin" ] && [ ! -L "$prefix/bin" ]; then
    fail "$prefix was not installed from a bundle: move it elsewhere, or name another --prefix"
fi

if [ -n "$roll_back" ]; then
    previous=$(readlink "$prefix/previous") || fail "there is no version before in $prefix"
    use "$previous"
    exit
fi

cd "$here"
sha256sum --quiet --strict -c SHA256SUMS >&2 || fail "the bundle is damaged: copy it anew"
. ./BUNDLE # version, python_tag and machine
found=$("$python" -c 'import sys; print("cp%d%d" % sys.version_info[:2])') ||
    fail "$python does not start: name a Python with --python"
[ "$found" = "$python_tag" ] ||
    fail "expected a Python $python_tag as this bundle was made for, got $found: see --python"
[ "$(uname -m)" = "$machine" ] ||
    fail "expected a machine $machine as this bundle was made for, got $(uname -m)"

name=releases/$version-$(sha256sum SHA256SUMS | cut -c1-8)
release=$prefix/$name
if [ ! -e "$release/complete" ]; then
    rm -rf "$release" # of an install.sh that was cut off
    "$python" -m venv --without-pip "$release"
    "$release/bin/python" "$(echo pip/pip-*.whl)/pip" install --quiet --no-index --no-deps \
        --no-cache-dir --disable-pip-version-check --root-user-action=ignore wheels/*.whl
    mkdir -p "$release/share/platetrail"
    cp -r share/. "$release/share/platetrail"
    said=$("$release/bin/platetrail" --version) || fail "the new version does not start"
    case $said in
        *"$version"*) ;;
        *) fail "expected version $version, got $said" ;;
    esac
    sync
    touch "$release/complete"
fi
use "$name"
# a centre reads no plates, so this is no failure
why=$("$release/bin/python" -c '
try:
    import cv2
except ModuleNotFoundError:
    pass
except ImportError as error:
    print(error)
') || why="OpenCV does not start"
if [ -n "$why" ]; then
    echo "install.sh: this machine cannot read plates yet ($why):" \
        "install libGL and GLib, on Debian libgl1 and libglib2.0-0" >&2
fi
for old in "$prefix"/releases/*; do
    case releases/${old##*/} in
        "$(readlink "$prefix/current")" | "$(readlink "$prefix/previous" || true)") ;;
        *) rm -rf "$old" ;;
    esac
done
