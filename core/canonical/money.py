"""Money in whole minor units with its currency; splitting loses nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

# ISO 4217: currencies whose minor unit is not a hundredth, among those a SaaS company bills in.
_EXPONENTS = {
    "JPY": 0,
    "KRW": 0,
    "CLP": 0,
    "VND": 0,
    "ISK": 0,
    "BHD": 3,
    "KWD": 3,
    "JOD": 3,
    "OMR": 3,
    "TND": 3,
}
_TWO_DIGITS = frozenset(
    "USD EUR GBP CAD AUD CHF SEK NOK DKK NZD SGD PLN CZK INR BRL MXN".split()  # noqa: SIM905
)


# Currencies in which there is money here.
KNOWN = _TWO_DIGITS | frozenset(_EXPONENTS)


def exponent(currency: str) -> int:
    """Digits after the point; ValueError for a currency the core has no exponent for."""
    if currency in _TWO_DIGITS:
        return 2
    try:
        return _EXPONENTS[currency]
    except KeyError:
        raise ValueError(
            f"currency: no exponent is known for {currency!r}; add it to core.canonical.money"
        ) from None


@dataclass(frozen=True, slots=True)
class Money:
    """Money(1999, "EUR") is 19.99 euro."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.minor, int):
            raise TypeError(f"minor: {self.minor!r} must be whole minor units")
        exponent(self.currency)

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Money:
        """From major units; ValueError if the amount is finer than the currency."""
        try:
            scaled = Decimal(amount).scaleb(exponent(currency))
        except InvalidOperation:
            raise ValueError(f"amount: {amount!r} is not a number") from None
        if not scaled.is_finite():
            raise ValueError(f"amount: {amount!r} is no amount")
        if scaled != int(scaled):
            raise ValueError(f"amount: {amount} has more decimals than {currency} allows")
        return cls(int(scaled), currency)

    @property
    def major(self) -> Decimal:
        """In major units, exactly."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.major} {self.currency}"

    def share(self, weights: list[int]) -> list[Money]:
        """Split in proportion to `weights` by largest remainder; the parts add up exactly."""
        total = sum(weights)
        if total <= 0:
            raise ValueError(f"weights: {weights} must add up to more than nothing")
        parts = [self.minor * weight // total for weight in weights]
        rests = [self.minor * weight % total for weight in weights]
        order = sorted(range(len(weights)), key=lambda i: (-rests[i], i))
        for i in order[: self.minor - sum(parts)]:
            parts[i] += 1
        return [Money(part, self.currency) for part in parts]

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"currency: {other} cannot be put together with {self}")
        return other
