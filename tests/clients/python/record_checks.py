"""Checks of kept conversations and decisions, and of what stands in a decision by its place."""

import grpc
from frontdesk.v1 import (conversation_service_pb2 as conversations, decision_pb2, decision_service_pb2 as decisions,
                          triage_service_pb2 as triage)
from google.rpc import error_details_pb2

from client import check, field, refused


def owner(response):
    """Who may speak in the conversation of a response."""
    return response.conversation.state.owner


@check
def handed_over_and_back(client):
    """A kept conversation goes to a person, who alone may speak, and back to the program."""
    name, service = "conversations/python-1", client.conversations
    asked = client.decide("怎么退货？", conversation=name)
    assert asked.action == decision_pb2.ACTION_ANSWER and asked.delivery == decision_pb2.DELIVERY_SEND, asked
    wanted = client.decide("转人工客服", conversation=name)
    assert wanted.action == decision_pb2.ACTION_HANDOFF and wanted.notice.text
    assert decision_pb2.HANDOFF_REASON_REQUESTED in wanted.handoff.reasons
    assert wanted.handoff.packet.queue == wanted.route.queue and wanted.handoff.packet.language == "zh-Hans"
    assert wanted.conversation.owner == decision_pb2.OWNER_WAITING and wanted.conversation.num_messages == 2
    taken = service.TakeConversation(conversations.TakeConversationRequest(name=name))
    assert owner(taken) == decision_pb2.OWNER_PERSON

    owned = client.decide("请问发票怎么开？", conversation=name)
    assert owned.delivery == decision_pb2.DELIVERY_DRAFT and owned.draft.text
    assert not owned.HasField("notice") and owned.conversation.owner == decision_pb2.OWNER_PERSON
    bot = conversations.AppendTurnRequest(name=name, turn=triage.Turn(role=triage.ROLE_BOT, text="请稍等"))
    found = refused(grpc.StatusCode.FAILED_PRECONDITION, service.AppendTurn, bot)
    assert found[error_details_pb2.ErrorInfo].reason == "PRECONDITION"
    said = triage.Turn(role=triage.ROLE_AGENT, text="您好，请打13812345678给我。")
    kept = service.AppendTurn(conversations.AppendTurnRequest(name=name, turn=said)).conversation
    assert kept.turns[-1] == triage.Turn(role=triage.ROLE_AGENT, text="您好，请打[phone]给我。"), kept.turns[-1]

    released = service.ReleaseConversation(conversations.ReleaseConversationRequest(name=name))
    assert owner(released) == decision_pb2.OWNER_RELEASED
    assert owner(service.AppendTurn(bot)) == decision_pb2.OWNER_RELEASED
    free = client.decide("你们的运费怎么算？", conversation=name)
    assert free.action == decision_pb2.ACTION_ANSWER and free.delivery == decision_pb2.DELIVERY_SEND, free
    assert free.conversation.owner == decision_pb2.OWNER_BOT and free.conversation.num_messages == 4
    service.DeleteConversation(conversations.DeleteConversationRequest(name=name))
    refused(grpc.StatusCode.NOT_FOUND, service.GetConversation, conversations.GetConversationRequest(name=name))


@check
def sent_again(client):
    """A message of a kept conversation that is sent again gets its decision again and counts once."""
    for index, text in enumerate(["Where is my parcel?", "我的包裹到哪里了？", "我的包裹到哪裡了？"]):
        fields = {"conversation": f"conversations/python-retry-{index}", "request_id": "m-1"}
        first, again = client.decide(text, **fields), client.decide(text, **fields)
        assert again == first and again.conversation.num_messages == 1
        other = triage.TriageRequest(text=text + " 8812", **fields)
        found = refused(grpc.StatusCode.INVALID_ARGUMENT, client.triage.Triage, other)
        assert field(found) == "request_id"


@check
def replayed(client):
    """A kept decision is read and made again byte for byte, and by its tenant alone."""
    texts = ["I was charged twice for order 8812, please call 13812345678 today!!", "怎么退货？",
             "請問運費怎麼算？另外我想改地址，訂單 A-20391", "Bonjour, où est mon colis ?"]
    for text in texts:
        given = client.decide(text)
        assert given.name.startswith("decisions/"), given.name
        kept = client.decisions.GetDecision(decisions.GetDecisionRequest(name=given.name)).decision
        assert kept.SerializeToString(deterministic=True) == given.SerializeToString(deterministic=True)
        for current in (False, True):
            request = decisions.ReplayDecisionRequest(name=given.name, use_current_rules=current)
            again = client.decisions.ReplayDecision(request)
            assert again.identical and not again.differences and again.decision == given, again.differences
    found = refused(grpc.StatusCode.NOT_FOUND, client.decisions.GetDecision,
                    decisions.GetDecisionRequest(name=given.name), metadata=[("frontdesk-tenant", "acme")])
    assert found[error_details_pb2.ResourceInfo].resource_name == given.name
    found = refused(grpc.StatusCode.INVALID_ARGUMENT, client.decisions.GetDecision,
                    decisions.GetDecisionRequest(name="decisions/1"))
    assert field(found) == "name"


@check
def places_are_bytes(client):
    """Personal data, requests and signals are named by bytes of the message in UTF-8."""
    cases = {
        "😀 Urgent! Write to ada@mail.example or call +44 20 7946 0958, order 8812 never came.":
            {"email": "ada@mail.example", "phone": "+44 20 7946 0958"},
        "😀急！我的订单8812扣了两次款，请打13812345678，或者写到lin@mail.example":
            {"phone": "13812345678", "email": "lin@mail.example"},
        "😀急！我的訂單8812扣了兩次款，請打0912345678，或者寫到lin@mail.example":
            {"phone": "0912345678", "email": "lin@mail.example"},
    }
    for text, personal in cases.items():
        response = client.triage.Triage(triage.TriageRequest(text=text))
        source = text.encode()
        for found in response.personal_data:
            assert source[found.start_byte:found.end_byte].decode() == found.text, found
        assert {found.kind: found.text for found in response.personal_data} == personal, response.personal_data
        decision = response.decision
        stored = decision.SerializeToString()
        assert not any(secret.encode() in stored for secret in personal.values()), "personal data is in the decision"
        assert decision.requests and all(request.end_byte <= len(source) for request in decision.requests)
        places = [*decision.requests, *decision.signals, *decision.handoff.packet.entities]
        for place in places:
            assert source[place.start_byte:place.end_byte].decode(), place
        numbers = [entity for entity in decision.handoff.packet.entities
                   if entity.kind == decision_pb2.ENTITY_KIND_ORDER_NUMBER]
        assert [source[number.start_byte:number.end_byte].decode() for number in numbers] == ["8812"], numbers


@check
def unknown_values(client):
    """Enum values that one side does not know are refused by the server and read by the client."""
    cases = {"channel": {"channel": 99}, "owner": {"owner": 99}, "tone": {"tone": 99},
             "turns[0].role": {"turns": [triage.Turn(role=99, text="hi")]}}
    for name, fields in cases.items():
        found = refused(grpc.StatusCode.INVALID_ARGUMENT, client.triage.Triage,
                        triage.TriageRequest(text="hello", **fields))
        assert field(found) == name, f"{field(found)} instead of {name}"
    turn = conversations.AppendTurnRequest(name="conversations/python-2", turn=triage.Turn(role=99, text="hi"))
    assert field(refused(grpc.StatusCode.INVALID_ARGUMENT, client.conversations.AppendTurn, turn)) == "turn.role"

    # A decision of a newer server: actions, deliveries and reasons that this contract does not have.
    newer = client.decide("hello")
    newer.action, newer.delivery = 99, 98
    newer.handoff.reasons.append(97)
    read = decision_pb2.Decision.FromString(newer.SerializeToString())
    assert read == newer and (read.action, read.delivery, read.handoff.reasons[-1]) == (99, 98, 97)
    assert read.action not in decision_pb2.Action.values() and read.delivery != decision_pb2.DELIVERY_SEND
