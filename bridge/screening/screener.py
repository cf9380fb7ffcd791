"""Owns the judgement whether an inquiry goes to the team at once or waits for a person. Refuses to throw any away.

Each reason is a code that `inbox --held` explains. The sender is told nothing of it: they see what everybody sees.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bridge.centre import Place
from bridge.inquiry import UNSCREENED, Screening
from bridge.outside import Outside
from bridge.screening.content_rules import content_reasons
from bridge.screening.post import Post
from bridge.screening.proof import Proofs
from bridge.screening.tokens import Tokens
from bridge.store import Store
from portal_builder.answers import Answers

UNCONFIRMED = "unconfirmed"
"""Came without JavaScript, and its sender has not yet pressed the button of the page that asks."""
SLOWEST_ROBOT = timedelta(seconds=3)
"""Nobody reads a form, fills it in and sends it within this time; our own script waits it out."""
_SAME_TEXT_WITHIN = timedelta(hours=24)
_SAME_TEXT_SENDERS = 3
"""From the next address on, a text is a circular letter."""
_SHORT_TEXT = 60
"""Letters; below it different people write the same words ("언제 오나요?")."""


@dataclass(frozen=True)
class Screened:
    screening: Screening = UNSCREENED
    tokens: Mapping[str, datetime] | None = None
    """What the post has used up, until when it has to be remembered."""


@dataclass(frozen=True)
class Screener:
    store: Store
    tokens: Tokens
    proofs: Proofs
    outside: Outside

    def screen(self, place: Place, post: Post, answers: Answers) -> Screened:
        if not place.brand.file.spam.hold:
            return Screened()
        used: dict[str, datetime] = {}
        reasons = [*self._way(place, post, used), *self._content(place, answers)]
        return Screened(Screening(tuple(dict.fromkeys(reasons)), content_hash=text_hash(place, answers)), used)

    def _way(self, place: Place, post: Post, used: dict[str, datetime]) -> Iterator[str]:
        """How it came. A page without JavaScript is asked to confirm; a script has no such excuse."""
        if post.trap:
            yield "trap"
        if post.flood:
            yield "flood"
        signs = [*self._token(place, post, used)]
        if post.by_script:
            yield from signs
            if place.brand.file.spam.proof:
                yield from self._proof(place, post, used)
        elif signs:
            yield UNCONFIRMED

    def _token(self, place: Place, post: Post, used: dict[str, datetime]) -> Iterator[str]:
        if post.is_foreign:
            yield "origin"
        token = self.tokens.read_form(place.scope, post.token)
        if token is None:
            yield "bad_token" if post.token else "no_token"
            return
        if self.outside.now() - token.given_at < SLOWEST_ROBOT:
            yield "too_fast"
        if self.store.used_tokens([token.nonce]):
            yield "used_token"
        else:
            used[token.nonce] = token.expires_at

    def _proof(self, place: Place, post: Post, used: dict[str, datetime]) -> Iterator[str]:
        proof = self.proofs.read(place.scope, post.proof)
        if proof is None:
            yield "no_proof"
        elif self.store.used_tokens([proof.nonce]):
            yield "used_proof"
        else:
            used[proof.nonce] = proof.expires_at

    def _content(self, place: Place, answers: Answers) -> Iterator[str]:
        fields = [field.name for field in place.form.fields if field.type in {"short_text", "long_text"}]
        texts = [text for name in fields for text in answers.values.get(name, ())]
        yield from content_reasons(texts, place.brand.languages, place.brand.file.spam)
        if digest := text_hash(place, answers):
            emails = (field.name for field in place.form.fields if field.type == "email")
            own = {answers.one(name).lower() for name in emails}
            others = self.store.senders_of(digest, self.outside.now() - _SAME_TEXT_WITHIN) - own
            if len(others) >= _SAME_TEXT_SENDERS:
                yield "repeated"


def text_hash(place: Place, answers: Answers) -> str | None:
    """The same for texts that differ in spaces, case, digits and signs only; none for a few words."""
    fields = (field.name for field in place.form.fields if field.type == "long_text")
    text = unicodedata.normalize("NFKC", " ".join(answers.one(name) for name in fields)).casefold()
    plain = re.sub(r"[\W\d_]+", "", text)
    return hashlib.sha256(plain.encode()).hexdigest() if len(plain) >= _SHORT_TEXT else None
