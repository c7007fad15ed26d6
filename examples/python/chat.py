"""Registers a user, signs in, opens a room, sends a message and lists the messages, with the generated client."""

import argparse
import secrets

from chat_api import AuthenticatedClient, Client
from chat_api.api.authentication import login_user, register_user
from chat_api.api.messages import list_messages, send_message
from chat_api.api.rooms import create_room
from chat_api.models import CreateRoom, LoginUser, Problem, RegisterUser, SendMessage


def expect(answer):
    """Returns an answer, unless it is an error, which the API describes as a problem document."""
    if isinstance(answer, Problem):
        fields = ", ".join(f"{error.path} {error.message}" for error in answer.errors or [])
        raise SystemExit(f"{answer.code}: {answer.detail} {fields}".rstrip())
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:3000", help="the address of the API")
    url = parser.parse_args().url

    name = f"python-{secrets.token_hex(4)}"
    password = secrets.token_urlsafe(16)
    visitor = Client(base_url=url)
    user = expect(register_user.sync(client=visitor, body=RegisterUser(username=name, password=password)))
    tokens = expect(login_user.sync(client=visitor, body=LoginUser(username=name, password=password)))
    print(f"signed in as {user.username}, {user.id}")

    client = AuthenticatedClient(base_url=url, token=tokens.access)
    room = expect(create_room.sync(client=client, body=CreateRoom(room_name=f"room-of-{name}")))
    # A repeated request with the same client_id stores one message.
    message = SendMessage(content="hello from Python", client_id=secrets.token_urlsafe(16))
    expect(send_message.sync(room.room_id, client=client, body=message))
    expect(send_message.sync(room.room_id, client=client, body=message))

    for sent in expect(list_messages.sync(room.room_id, client=client)):
        print(f"{room.room_name} {sent.seq} {sent.timestamp:%H:%M:%S} {sent.sender_username}: {sent.content}")


if __name__ == "__main__":
    main()
