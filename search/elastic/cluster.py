"""What an administrator does with the indices of an installation."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from elastic_transport import TransportError
from elasticsearch import ApiError, BadRequestError, Elasticsearch

from lpr.closing import Closing
from search.elastic import lifecycle
from search.elastic.access import Access, parse_address
from search.elastic.connecting import connect
from search.elastic.moving import Mover
from search.elastic.planning import Move, Wanted, plan
from search.elastic.troubles import explain
from search.errors import StoreError
from search.progress import counting

PATIENT_S = 120.0  # seconds; nobody waits for it at a page
RIGHTS = ("index", "manage", "read")  # of all that is done with indices, by whichever process
_NO_SECURITY = "no handler found"


class Cluster(Closing):
    """The indices of one name, and who looks after them.

    Args:
        url: `http(s)://HOST:PORT[,HOST:PORT...][/NAME]`.
        access: how it is entered.

    Attributes:
        client: of the server, patient.
        name: that the names of the indices begin with.
        place: where they are, for messages.
    """

    def __init__(self, url: str, access: Access) -> None:
        address = parse_address(url)
        self.name = address.name
        self.place = f"{','.join(address.hosts)}/{address.name}"
        self._access = access
        self._connected = connect(address, access)
        self.client: Elasticsearch = self._connected.options(request_timeout=PATIENT_S)

    @contextmanager
    def told(self) -> Iterator[None]:
        """What goes wrong says what to do.

        Raises:
            StoreError: with the same words as every other process has.
        """
        try:
            yield
        except (ApiError, TransportError) as error:
            raise StoreError(f"sighting store {self.place}: {explain(error)}") from error

    def prepare(self, now: datetime) -> tuple[str, bool]:
        """Make the index of this month; its name, and whether it was made now.

        Raises:
            StoreError: it cannot be made, or the name is another program's.
        """
        month = lifecycle.month_of(now)
        with self.told():
            before = lifecycle.list_indices(self.client, self.name)
            lifecycle.create_month(self.client, self.name, month, self._access.replicas)
            after = lifecycle.list_indices(self.client, self.name)
        (index,) = (i for i in after if i.is_searched and i.name.month == month)
        return str(index.name), index.uuid not in {i.uuid for i in before}

    def rights_lacking(self) -> tuple[str, ...] | None:
        """Which of `RIGHTS` the user has not; None: everybody may do everything here."""
        names = [self.name, f"{self.name}-*"]
        with self.told():
            try:
                answer = self.client.security.has_privileges(
                    index=[{"names": names, "privileges": list(RIGHTS)}]
                )
            except BadRequestError as error:
                if _NO_SECURITY in str(error.body):
                    return None
                raise
        has = answer["index"].values()
        return tuple(right for right in RIGHTS if not all(each[right] for each in has))

    def move_months(self, wanted: Wanted) -> tuple[Move, ...]:
        """Move months into other indices, and bring to an end what was cut off.

        Args:
            wanted: which of those that are searched are to be moved.

        Returns:
            What was moved.

        Raises:
            StoreError: a month cannot be moved now; run it again.
        """
        with self.told():
            indices = lifecycle.list_indices(self.client, self.name)
            todo = plan(indices, wanted)
            mover = Mover(self.client, self._access.replicas, self._access.timeout_s)
            for index in todo.useless:
                self.client.indices.delete(index=str(index.name))
            for move in todo.ended:
                mover.end(move)
            for move in todo.moves:
                with counting(f"{move.old.name} -> {move.new}", mover.left(move)) as tell:
                    mover.move(move, tell)
        return (*todo.ended, *todo.moves)

    def months(self) -> Sequence[str]:
        """The months that are kept, oldest first."""
        with self.told():
            indices = lifecycle.list_indices(self.client, self.name)
        return [index.name.month for index in indices if index.is_searched]

    def close(self) -> None:
        """Close the connections."""
        self._connected.close()
