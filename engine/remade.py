"""Large values that can be made again: held while there is room for them, and let go of then."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

from engine.recent import bytes_of

__all__ = ["ALWAYS_HELD", "ROOM_BYTES", "Remade", "Room"]

ROOM_BYTES = 2**30
"""That the values of one process take together, at most; see :data:`ALWAYS_HELD`."""

ALWAYS_HELD = 2
"""Values that stay however large they are: a measurement and that of its baseline."""

Value = TypeVar("Value")


class Room:
    """The values that were asked for last, of at most ``most_bytes`` together.

    It knows who holds a value, and holds none itself: a value goes with its owner.
    """

    def __init__(self, most_bytes: int = ROOM_BYTES) -> None:
        self._most_bytes = most_bytes
        self._line: OrderedDict[int, tuple[weakref.ref[Remade[Any]], int]] = OrderedDict()
        self._lock = threading.Lock()

    def enter(self, owner: Remade[Any], size: int) -> None:
        """Put an owner last in the line of those to be let go of; the first may have to go now."""
        with self._lock:
            self._line.pop(id(owner), None)
            line = [(key, one) for key, one in self._line.items() if one[0]() is not None]
            self._line = OrderedDict([*line, (id(owner), (weakref.ref(owner), size))])
            taken = sum(size for _, size in self._line.values())
            while taken > self._most_bytes and len(self._line) > ALWAYS_HELD:
                _, (first, its_size) = self._line.popitem(last=False)
                taken -= its_size
                if goes := first():
                    goes.let_go()

    def touch(self, owner: Remade[Any]) -> None:
        """Put an owner last in the line again, if it is there."""
        with self._lock:
            if id(owner) in self._line:
                self._line.move_to_end(id(owner))


ROOM = Room()


class Remade(Generic[Value]):
    """A value that ``make`` gives, the same each time.

    Threads may share it: two that find it gone may both make it.

    >>> one = Remade(lambda: (1, 2))
    >>> one.get(), one.is_held
    ((1, 2), True)
    """

    is_kept_elsewhere: ClassVar[bool] = True  # bounded by the room, see engine.recent

    def __init__(self, make: Callable[[], Value], room: Room = ROOM) -> None:
        self._make, self._room = make, room
        self._value: Value | None = None

    def get(self) -> Value:
        """Return the value: the one held, or made again."""
        value = self._value
        if value is None:
            value = self._value = self._make()
            self._room.enter(self, bytes_of(value))
        else:
            self._room.touch(self)
        return value

    @property
    def is_held(self) -> bool:
        """Whether the value is there, so that asking for it costs nothing."""
        return self._value is not None

    def let_go(self) -> None:
        """Give the value up; who has it goes on having it."""
        self._value = None
