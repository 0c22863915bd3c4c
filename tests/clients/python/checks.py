"""The checks, in the order in which they run; each is a sentence."""

import json
import signal
import subprocess
import tempfile

import grpc
from frontdesk.v1 import (channel_pb2, decision_pb2, knowledge_service_pb2 as kb, server_service_pb2,
                          triage_service_pb2 as triage)
from google.longrunning import operations_pb2 as operations
from google.protobuf import duration_pb2, field_mask_pb2, timestamp_pb2
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from client import SERVICES, check, field, refused
from server import ROOT, environment

BASE = "knowledgeBases/python"


@check
def health(client):
    """Health says SERVING for the server and each service."""
    for service in ["", *SERVICES]:
        response = client.health.Check(health_pb2.HealthCheckRequest(service=service))
        assert response.status == health_pb2.HealthCheckResponse.SERVING, service


@check
def reflection(client):
    """Reflection lists the services and knows their messages."""
    database = ProtoReflectionDescriptorDatabase(client.channel)
    assert set(SERVICES) <= set(database.get_services())
    file = database.FindFileContainingSymbol("frontdesk.v1.TriageRequest")
    assert file.name == "frontdesk/v1/triage_service.proto"


@check
def info(client):
    """GetInfo states versions, intents, knowledge bases and limits."""
    info = client.server_info.GetInfo(server_service_pb2.GetInfoRequest())
    assert info.program_version and info.taxonomy_version and info.rules_version
    assert len(info.model.sha256) == 64 and info.model.dimensions > 0
    assert len(info.intents) == 46
    assert all(intent.name_en and intent.name_zh_hans and intent.name_zh_hant for intent in info.intents)
    assert info.limits.max_text_bytes > 0 and info.limits.max_batch > 0
    assert "knowledgeBases/sample" in [base.name for base in info.knowledge_bases]


@check
def three_languages(client):
    """A late parcel is routed with deadlines in English, Simplified and Traditional Chinese."""
    texts = {
        "en": "My order 8812 was promised for Friday and has still not shipped",
        "zh-Hans": "我的订单说好周五到,现在还没发货,都第三次来问了",
        "zh-Hant": "我的訂單說好週五到,現在還沒出貨,已經問第三次了",
    }
    for locale, text in texts.items():
        received = timestamp_pb2.Timestamp(seconds=1_800_000_000)
        decision = client.decide(text, received_at=received, request_id=locale)
        assert decision.request_id == locale
        assert decision.labels.language.tag == locale, decision.labels.language
        assert decision.route.queue == "delivery", decision.route
        assert decision.route.next_reply_due.seconds > decision.route.first_reply_due.seconds > received.seconds
        assert decision.draft.locale == locale and decision.draft.text
        assert decision.explanations and decision.versions.model


@check
def conversation(client):
    """Channel, turns and customer are taken into account."""
    turns = [triage.Turn(role=triage.ROLE_CUSTOMER, text="Where is my lamp?"),
             triage.Turn(role=triage.ROLE_BOT, text="Which order?")]
    decision = client.decide("It is 8812", channel=channel_pb2.CHANNEL_EMAIL, turns=turns, locale_hint="en-GB",
                             customer=triage.Customer(tier="enterprise", tags=["wholesale"]))
    assert decision.route.department == "enterprise", decision.route


@check
def answer(client):
    """A question that the knowledge base answers gets a draft with its citation."""
    lines = (ROOT / "samples/messages.jsonl").read_text(encoding="utf-8").splitlines()
    samples = [json.loads(line) for line in lines]
    questions = [sample["text"] for sample in samples if sample["expect"]["action"] == "answer"]
    decisions = [client.decide(question) for question in questions]
    # A greeting is answered too, without the knowledge base.
    answered = [decision for decision in decisions if decision.action == decision_pb2.ACTION_ANSWER
                and decision.knowledge.status == decision_pb2.ANSWER_STATUS_ANSWERED]
    assert answered, f"none of {len(questions)} sample questions is answered"
    for decision in answered:
        citation = decision.draft.citations[0]
        assert citation.article.startswith("knowledgeBases/sample/articles/") and citation.title
        assert decision.knowledge.hits[0].article == citation.article


@check
def classify(client):
    """Classify gives labels with probabilities that fall."""
    request = triage.ClassifyRequest(text="I was charged twice for order 8812", request_id="c")
    response = client.triage.Classify(request)
    assert response.request_id == "c"
    probabilities = [intent.probability for intent in response.labels.intents]
    assert probabilities and probabilities == sorted(probabilities, reverse=True)
    assert abs(sum(response.labels.urgency.distribution) - 1) < 1e-6


@check
def batch(client):
    """A batch keeps the order, and a wrong message does not touch the others."""
    texts = ["hello", " ", "请问运费怎么算?"]
    requests = [triage.TriageRequest(text=text, request_id=str(index)) for index, text in enumerate(texts)]
    results = client.triage.BatchTriage(triage.BatchTriageRequest(requests=requests)).results
    assert [result.WhichOneof("outcome") for result in results] == ["response", "error", "response"]
    assert results[0].response.decision.request_id == "0" and results[2].response.decision.request_id == "2"
    assert results[1].error.code == grpc.StatusCode.INVALID_ARGUMENT.value[0] and "text" in results[1].error.field


@check
def not_an_error(client):
    """Another language and a single letter are decisions, not errors."""
    assert client.decide("Bonjour, où est mon colis ?").action == decision_pb2.ACTION_HANDOFF
    assert client.decide("k").action != decision_pb2.ACTION_UNSPECIFIED


@check
def wrong_fields(client):
    """A wrong field is INVALID_ARGUMENT and BadRequest names it."""
    good = {"text": "hello"}
    cases = {
        "text": [{"text": " \n"}, {"text": "x" * 20_000}],
        "locale_hint": [good | {"locale_hint": "tlh"}],
        "knowledge_base": [good | {"knowledge_base": "shop"}],
        "turns[0].role": [good | {"turns": [triage.Turn(text="hi")]}],
        "customer.tier": [good | {"customer": triage.Customer(tier="king")}],
    }
    for name, requests in cases.items():
        for request in requests:
            found = refused(grpc.StatusCode.INVALID_ARGUMENT, client.triage.Triage, triage.TriageRequest(**request))
            assert field(found) == name, f"{field(found)} instead of {name}"


@check
def broken_bytes(client):
    """Broken UTF-8 and a broken message are the caller's fault."""
    raw = client.channel.unary_unary("/frontdesk.v1.TriageService/Triage")
    for message in [b"\x0a\x02\xff\xfe", b"\x0a\xff"]:
        try:
            raw(message)
            raise AssertionError("not refused")
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.INVALID_ARGUMENT, error


@check
def unknown_base(client):
    """A knowledge base that does not exist is NOT_FOUND with its name."""
    request = triage.TriageRequest(text="hello", knowledge_base="knowledgeBases/nowhere")
    found = refused(grpc.StatusCode.NOT_FOUND, client.triage.Triage, request)
    assert found[error_details_pb2.ResourceInfo].resource_name == "knowledgeBases/nowhere"


@check
def deadline(client):
    """A call that is too slow for its deadline ends with DEADLINE_EXCEEDED."""
    try:
        client.triage.Triage(triage.TriageRequest(text="hello " * 2000), timeout=0.002)
        raise AssertionError("not refused")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED, error


@check
def knowledge_base(client):
    """A knowledge base is created once, also when the request is repeated."""
    request = kb.CreateKnowledgeBaseRequest(knowledge_base_id="python", request_id="create-python",
                                            knowledge_base=kb.KnowledgeBase(display_name="From Python"))
    first = client.knowledge.CreateKnowledgeBase(request).knowledge_base
    assert first.name == BASE and first.etag
    assert client.knowledge.CreateKnowledgeBase(request).knowledge_base == first
    again = kb.CreateKnowledgeBaseRequest(knowledge_base_id="python", request_id="other",
                                          knowledge_base=kb.KnowledgeBase(display_name="Again"))
    refused(grpc.StatusCode.ALREADY_EXISTS, client.knowledge.CreateKnowledgeBase, again)


@check
def article(client):
    """An article is found as soon as it is created, and a lost update is refused."""
    text = kb.Article(locale="zh-Hant", title="退貨", body="燈具送達後三十天內都可以退貨。", questions=["怎麼退貨"])
    stored = client.knowledge.CreateArticle(
        kb.CreateArticleRequest(parent=BASE, article_id="returns", article=text)).article
    assert stored.version == 1 and stored.name == f"{BASE}/articles/returns"
    result = client.knowledge.Search(kb.SearchRequest(knowledge_base=BASE, query="怎麼退貨?")).result
    assert result.hits[0].article == stored.name and result.hits[0].locale == "zh-Hant"
    change = kb.Article(name=stored.name, title="退貨與換貨", etag=stored.etag)
    mask = field_mask_pb2.FieldMask(paths=["title"])
    changed = client.knowledge.UpdateArticle(kb.UpdateArticleRequest(article=change, update_mask=mask)).article
    assert changed.version == 2 and changed.title == "退貨與換貨" and changed.body == stored.body
    refused(grpc.StatusCode.ABORTED, client.knowledge.UpdateArticle,
            kb.UpdateArticleRequest(article=change, update_mask=mask))
    client.knowledge.DeleteArticle(kb.DeleteArticleRequest(name=stored.name))
    refused(grpc.StatusCode.NOT_FOUND, client.knowledge.GetArticle, kb.GetArticleRequest(name=stored.name))


@check
def import_articles(client):
    """An import reports what is wrong and keeps the rest; lists come in pages."""
    articles = [kb.Article(name=f"a{index}", locale="en", title=f"Article {index}", body="Text.") for index in range(7)]
    articles[3].locale = "tlh"
    steps = list(client.knowledge.ImportArticles(kb.ImportArticlesRequest(parent=BASE, articles=articles)))
    response = steps[-1]
    assert response.num_created == 6
    assert [step.num_done for step in steps] == sorted(step.num_done for step in steps)
    assert response.num_done == response.num_total == 7
    assert [(error.index, "locale" in error.field) for error in response.errors] == [(3, True)]
    names, token = [], ""
    while True:
        page = client.knowledge.ListArticles(kb.ListArticlesRequest(parent=BASE, page_size=4, page_token=token))
        names += [article.name for article in page.articles]
        if not (token := page.next_page_token):
            break
    assert names == [f"{BASE}/articles/a{index}" for index in (0, 1, 2, 4, 5, 6)]


@check
def reindex(client):
    """A reindex is an operation for the google.longrunning stubs that Python ships."""
    request = kb.ReindexRequest(name=BASE, request_id="reindex-python")
    started = client.knowledge.Reindex(request)
    assert isinstance(started, operations.Operation) and started.name.startswith("operations/")
    assert client.knowledge.Reindex(request).name == started.name
    wait = operations.WaitOperationRequest(name=started.name, timeout=duration_pb2.Duration(seconds=60))
    ended = client.operations.WaitOperation(wait)
    reindexed, metadata = kb.ReindexResponse(), kb.ReindexMetadata()
    assert ended.done and ended.response.Unpack(reindexed) and ended.metadata.Unpack(metadata)
    assert reindexed.num_articles == 6 and reindexed.generation > reindexed.previous_generation
    assert metadata.knowledge_base == BASE and metadata.num_articles_done == 6
    assert client.operations.GetOperation(operations.GetOperationRequest(name=started.name)) == ended
    listed = client.operations.ListOperations(operations.ListOperationsRequest(filter=f'knowledge_base="{BASE}"'))
    assert [operation.name for operation in listed.operations] == [started.name]
    found = refused(grpc.StatusCode.INVALID_ARGUMENT, client.operations.ListOperations,
                    operations.ListOperationsRequest(filter="state=done"))
    assert field(found) == "filter"
    client.operations.CancelOperation(operations.CancelOperationRequest(name=started.name))
    client.operations.DeleteOperation(operations.DeleteOperationRequest(name=started.name))
    refused(grpc.StatusCode.NOT_FOUND, client.operations.GetOperation,
            operations.GetOperationRequest(name=started.name))
    refused(grpc.StatusCode.FAILED_PRECONDITION, client.knowledge.RollbackIndex,
            kb.RollbackIndexRequest(name="knowledgeBases/sample"))


@check
def delete_base(client):
    """A knowledge base with articles is only deleted by force."""
    refused(grpc.StatusCode.FAILED_PRECONDITION, client.knowledge.DeleteKnowledgeBase,
            kb.DeleteKnowledgeBaseRequest(name=BASE))
    client.knowledge.DeleteKnowledgeBase(kb.DeleteKnowledgeBaseRequest(name=BASE, force=True))
    refused(grpc.StatusCode.NOT_FOUND, client.knowledge.GetKnowledgeBase, kb.GetKnowledgeBaseRequest(name=BASE))


@check
def port_in_use(client):
    """A second server on the same port or data folder is refused with the reason."""
    with tempfile.TemporaryDirectory() as folder:
        settings = environment(folder, SERVER__LISTEN=client.server.address)
        taken = subprocess.run([client.binary, "serve"], env=settings, capture_output=True, text=True, timeout=120)
        assert taken.returncode != 0 and client.server.address in taken.stderr, taken
    settings = environment(client.server.data.name)
    locked = subprocess.run([client.binary, "serve"], env=settings, capture_output=True, text=True, timeout=120)
    assert locked.returncode != 0 and client.server.data.name in locked.stderr, locked


@check
def drain(client):
    """A call under way is finished when the server is told to stop."""
    requests = [triage.TriageRequest(text="Where is my order? " * 20) for _ in range(8)]
    call = client.triage.BatchTriage.future(triage.BatchTriageRequest(requests=requests))
    # Until the call has arrived; it takes longer than this to compute.
    try:
        call.result(timeout=0.1)
    except grpc.FutureTimeoutError:
        pass
    assert not call.done(), "nothing is under way"
    client.server.process.send_signal(signal.SIGTERM)
    assert len(call.result(timeout=60).results) == len(requests)
    assert client.server.process.wait(timeout=30) == 0
