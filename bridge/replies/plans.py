"""Owns the question whether a form's sender may be answered automatically at all. Refuses the budgets: the store's."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.centre import Centre
from bridge.replying import ReplyPlan, plan_reply


@dataclass(frozen=True)
class ReplyPlans:
    centre: Centre
    secret: str

    def plan(self, brand: str, form: str, email: str) -> ReplyPlan | None:
        """None where the brand answers nobody automatically, or there is no address."""
        if not email or self.centre.brands[brand].reply_mode(form) == "off":
            return None
        return plan_reply(brand, email, self.secret, self._ours())

    def _ours(self) -> frozenset[str]:
        """Every mailbox of every brand, and wherever inquiries are mailed to."""
        brands = self.centre.brands.values()
        routes = (route for listed in self.centre.routes.values() for route in listed)
        known = {address for brand in brands for address in brand.mailboxes()}
        return frozenset(
            address.lower() for address in known.union(*(getattr(route.options, "to", ()) for route in routes))
        )
