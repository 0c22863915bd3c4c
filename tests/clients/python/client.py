"""What the checks share: stubs of every service, and how a refusal is read."""

import grpc
from frontdesk.v1 import (conversation_service_pb2_grpc, decision_service_pb2_grpc, knowledge_service_pb2_grpc,
                          server_service_pb2_grpc, triage_service_pb2 as triage, triage_service_pb2_grpc)
from google.longrunning import operations_pb2_grpc
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2_grpc
from grpc_status import rpc_status

SERVICES = ["frontdesk.v1.TriageService", "frontdesk.v1.KnowledgeService", "frontdesk.v1.ServerService",
            "frontdesk.v1.DecisionService", "frontdesk.v1.ConversationService", "google.longrunning.Operations"]
ALL = []


class Client:
    """Stubs of every service over one connection."""

    def __init__(self, server, binary):
        self.server, self.binary = server, binary
        self.channel = grpc.insecure_channel(server.address)
        self.triage = triage_service_pb2_grpc.TriageServiceStub(self.channel)
        self.knowledge = knowledge_service_pb2_grpc.KnowledgeServiceStub(self.channel)
        self.server_info = server_service_pb2_grpc.ServerServiceStub(self.channel)
        self.decisions = decision_service_pb2_grpc.DecisionServiceStub(self.channel)
        self.conversations = conversation_service_pb2_grpc.ConversationServiceStub(self.channel)
        self.operations = operations_pb2_grpc.OperationsStub(self.channel)
        self.health = health_pb2_grpc.HealthStub(self.channel)

    def decide(self, text, **fields):
        return self.triage.Triage(triage.TriageRequest(text=text, **fields)).decision


def check(function):
    """Has a function run, in the order in which the modules are imported."""
    ALL.append(function)
    return function


def refused(code, call, *arguments, **options):
    """The details of a call that must be refused with a code."""
    try:
        call(*arguments, **options)
    except grpc.RpcError as error:
        assert error.code() == code, f"{error.code()} {error.details()}"
        return details(error)
    raise AssertionError(f"not refused with {code}")


def details(error):
    """Details of an error by their type; every error has an ErrorInfo."""
    status = rpc_status.from_call(error)
    found = {}
    for kind in (error_details_pb2.ErrorInfo, error_details_pb2.BadRequest, error_details_pb2.ResourceInfo):
        for detail in status.details if status else []:
            if detail.Is(kind.DESCRIPTOR):
                found[kind] = kind()
                detail.Unpack(found[kind])
    info = found.get(error_details_pb2.ErrorInfo)
    assert info and info.reason and info.domain, f"no ErrorInfo: {error.details()}"
    return found


def field(found):
    """The first field that a BadRequest names."""
    violation = found[error_details_pb2.BadRequest].field_violations[0]
    assert violation.description
    return violation.field
