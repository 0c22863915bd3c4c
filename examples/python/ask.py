"""Asks a running Frontdesk what to do with a message.

    pip install grpcio-tools
    python examples/python/ask.py "Where is my order 8812?"
"""

import pathlib
import sys

import grpc

# Compiles the contract on the fly; a program would ship the code that grpc_tools.protoc generates.
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "proto"))
messages, services = grpc.protos_and_services("frontdesk/v1/triage_service.proto")
decisions = grpc.protos("frontdesk/v1/decision.proto")

text = " ".join(sys.argv[1:]) or "我的订单说好周五到,现在还没发货"
with grpc.insecure_channel("127.0.0.1:50051") as channel:
    stub = services.TriageServiceStub(channel)
    decision = stub.Triage(messages.TriageRequest(text=text), timeout=10).decision

print(decisions.Action.Name(decision.action), "→", decision.route.queue)
for intent in decision.labels.intents[:3]:
    print(f"  {intent.probability:.2f} {intent.intent}")
# Only a draft that says so may go out without a person.
sends = decision.delivery == decisions.DELIVERY_SEND
print("send:" if sends else "draft for a person:", decision.draft.text)
