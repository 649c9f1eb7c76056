"""sendLocation, sendVenue, sendContact."""

from __future__ import annotations

from sandbox.botapi.context import Context, method
from sandbox.botapi.errors import bad_request
from sandbox.botapi.methods.common import send, target
from sandbox.botapi.state import Json


def _place(context: Context) -> Json:
    latitude, longitude = context.params["latitude"], context.params["longitude"]
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise bad_request("invalid location specified")
    return {"latitude": latitude, "longitude": longitude}


def _given(context: Context, *names: str) -> Json:
    return {name: context.params[name] for name in names if name in context.params}


@method("sendLocation")
def send_location(context: Context) -> Json:
    chat = target(context)
    place = _place(context) | _given(context, "horizontal_accuracy")
    return context.show(send(context, chat, {"location": place}))


@method("sendVenue")
def send_venue(context: Context) -> Json:
    chat = target(context)
    place = _place(context)
    more = _given(
        context, "foursquare_id", "foursquare_type", "google_place_id", "google_place_type"
    )
    names = _given(context, "title", "address")
    venue = {"location": place} | names | more
    return context.show(send(context, chat, {"location": place, "venue": venue}))


@method("sendContact")
def send_contact(context: Context) -> Json:
    chat = target(context)
    card = _given(context, "phone_number", "first_name", "last_name", "vcard")
    if not card["phone_number"].strip():
        raise bad_request("phone number must be non-empty")
    return context.show(send(context, chat, {"contact": card}))
