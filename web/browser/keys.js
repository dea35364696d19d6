// Keys: / to the search box, arrows through results, space shows the pictures, Esc goes back.
export function goThrough(page) {
  const dialog = page.getElementById("look");

  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const links = [...page.querySelectorAll("[data-row] .open")]; // rows may come while it is open
    const at = links.indexOf(page.activeElement);
    if (event.key === "/") stop(event, () => toSearch(page));
    else if (event.key === "ArrowDown" && links.length) stop(event, () => move(links, at + 1));
    else if (event.key === "ArrowUp" && links.length) stop(event, () => move(links, at - 1));
    else if (event.key === "ArrowLeft") follow(page, "[data-prev]");
    else if (event.key === "ArrowRight") follow(page, "[data-next]");
    else if (event.key === " " && dialog?.open) stop(event, () => dialog.close());
    else if (event.key === " " && at >= 0 && dialog) stop(event, () => show(dialog, links[at]));
    else if (event.key === "Escape" && !dialog?.open) follow(page, "[data-back]");
  });

  function move(links, to) {
    const link = links[Math.max(0, Math.min(to, links.length - 1))];
    link.focus();
    if (dialog?.open) show(dialog, link);
  }
}

function isTyping(element) {
  return element.closest("select, textarea, input:not([type=radio], [type=checkbox])") !== null;
}

function stop(event, act) {
  event.preventDefault();
  act();
}

function toSearch(page) {
  const box = page.getElementById("plate");
  if (box) box.select();
  else follow(page, "[data-search]");
}

function follow(page, selector) {
  const link = page.querySelector(selector);
  if (link) location.assign(link.href);
}

function show(dialog, link) {
  const pictures = [link.dataset.crop, link.dataset.frame].filter(Boolean).map((address) => {
    const picture = document.createElement("img");
    picture.src = address;
    picture.alt = link.querySelector(".read")?.textContent ?? "";
    return picture;
  });
  dialog.querySelector(".pair").replaceChildren(...pictures);
  if (!dialog.open) dialog.showModal();
}
