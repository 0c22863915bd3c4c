// Calls a real server from Node: with @grpc/grpc-js, and with `buf curl` over reflection.
//
//     npm install --prefix tests/clients/node
//     node tests/clients/node/check.mjs target/debug/frontdesk
//
// Prints a line a check and at the end "N passed, N failed"; exits 1 when one failed.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";
import { recordChecks } from "./records.mjs";

const run = promisify(execFile);
const here = import.meta.dirname;
const root = resolve(here, "../../..");
const buf = join(here, "node_modules/.bin/buf");

/** Starts the program on a free port; gives the process and its address. */
async function start(binary, data) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("FRONTDESK_"));
  const environment = {
    ...Object.fromEntries(own),
    FRONTDESK__DATA__PATH: data,
    FRONTDESK__SERVER__LISTEN: "127.0.0.1:0",
    FRONTDESK__KNOWLEDGE__IMPORT_SAMPLE: "false",
    FRONTDESK__MODEL__PATH: process.env.FRONTDESK__MODEL__PATH ?? join(root, "models/frontdesk-bilingual-v1"),
  };
  const server = spawn(binary, ["serve"], { env: environment, cwd: data, stdio: ["ignore", "pipe", "inherit"] });
  const address = await new Promise((found, failed) => {
    server.stdout.setEncoding("utf8").on("data", (text) => {
      const match = text.match(/http:\/\/(\S+)/);
      if (match) found(match[1]);
    });
    server.on("exit", (code) => failed(new Error(`the server ended with code ${code}`)));
  });
  return { server, address };
}

/** The stub class of one service, by its full name. */
function stubOf(file, service) {
  const options = { keepCase: false, enums: String, longs: Number, defaults: true, oneofs: true };
  const definition = loader.loadSync(file, { ...options, includeDirs: [join(root, "proto"), join(root, "proto-google")] });
  return service.split(".").reduce((found, part) => found[part], grpc.loadPackageDefinition(definition));
}

/** A client of one service whose calls are promises. */
function client(file, service, address) {
  const Stub = stubOf(file, service);
  const stub = new Stub(address, grpc.credentials.createInsecure());
  const call = (method) => promisify(stub[method]).bind(stub);
  return new Proxy(stub, { get: (_, name) => (name === "close" ? () => stub.close() : call(name)) });
}

const checks = {
  "Triage decides in three languages": async ({ triage }) => {
    const texts = { en: "Where is my order 8812?", "zh-Hans": "我的订单到哪里了", "zh-Hant": "我的訂單到哪裡了" };
    for (const [locale, text] of Object.entries(texts)) {
      const { decision } = await triage.triage({ text, requestId: locale });
      assert.equal(decision.requestId, locale);
      assert.equal(decision.labels.language.tag, locale);
      assert.equal(decision.route.queue, "delivery");
      assert.ok(decision.route.firstReplyDue.seconds > 0);
    }
  },
  "BatchTriage keeps the order": async ({ triage }) => {
    const requests = ["hello", " "].map((text, index) => ({ text, requestId: `${index}` }));
    const { results } = await triage.batchTriage({ requests });
    assert.deepEqual(results.map((result) => result.outcome), ["response", "error"]);
  },
  "A blank text is INVALID_ARGUMENT": async ({ triage }) => {
    await assert.rejects(triage.triage({ text: " " }), (error) => {
      assert.equal(error.code, grpc.status.INVALID_ARGUMENT);
      assert.ok(error.metadata.get("grpc-status-details-bin").length > 0);
      return true;
    });
  },
  "An article is found as soon as it is created": async ({ knowledge }) => {
    await knowledge.createKnowledgeBase({ knowledgeBaseId: "node", knowledgeBase: { displayName: "From Node" } });
    const article = { locale: "zh-Hans", title: "退货", body: "灯具送达后三十天内都可以退货。" };
    await knowledge.createArticle({ parent: "knowledgeBases/node", articleId: "returns", article });
    const { result } = await knowledge.search({ knowledgeBase: "knowledgeBases/node", query: "怎么退货?" });
    assert.equal(result.hits[0].article, "knowledgeBases/node/articles/returns");
  },
  "A reindex is an operation that can be waited for": async ({ knowledge, operations }) => {
    const started = await knowledge.reindex({ name: "knowledgeBases/node" });
    assert.match(started.name, /^operations\//);
    const ended = await operations.waitOperation({ name: started.name, timeout: { seconds: 60 } });
    assert.equal(ended.done, true);
    assert.equal(ended.result, "response");
    assert.equal(ended.response.type_url, "type.googleapis.com/frontdesk.v1.ReindexResponse");
    const { operations: listed } = await operations.listOperations({ filter: "done=true" });
    assert.deepEqual(listed.map((operation) => operation.name), [started.name]);
    await operations.deleteOperation({ name: started.name });
    await assert.rejects(operations.getOperation({ name: started.name }), { code: grpc.status.NOT_FOUND });
  },
  "buf curl lists the services by reflection": async ({ url }) => {
    const { stdout } = await run(buf, ["curl", "--protocol", "grpc", "--http2-prior-knowledge", "--list-services", url]);
    for (const service of ["TriageService", "KnowledgeService", "ServerService", "DecisionService", "ConversationService"]) {
      assert.ok(stdout.includes(`frontdesk.v1.${service}`), stdout);
    }
    assert.ok(stdout.includes("google.longrunning.Operations"), stdout);
  },
  "buf curl calls Triage by reflection": async ({ url }) => {
    const method = `${url}/frontdesk.v1.TriageService/Triage`;
    const body = JSON.stringify({ text: "How do I reset my password?", requestId: "buf" });
    const { stdout } = await run(buf, ["curl", "--protocol", "grpc", "--http2-prior-knowledge", "-d", body, method]);
    assert.equal(JSON.parse(stdout).decision.requestId, "buf");
  },
  "buf curl reads what an operation made by reflection": async ({ url, knowledge }) => {
    const { name } = await knowledge.reindex({ name: "knowledgeBases/node" });
    const method = `${url}/google.longrunning.Operations/WaitOperation`;
    const body = JSON.stringify({ name, timeout: "60s" });
    const { stdout } = await run(buf, ["curl", "--protocol", "grpc", "--http2-prior-knowledge", "-d", body, method]);
    const operation = JSON.parse(stdout);
    assert.equal(operation.metadata.knowledgeBase, "knowledgeBases/node");
    assert.equal(operation.response.numArticles, "1");
  },
  "buf curl shows the wrong field": async ({ url }) => {
    const method = `${url}/frontdesk.v1.TriageService/Triage`;
    const call = run(buf, ["curl", "--protocol", "grpc", "--http2-prior-knowledge", "-d", '{"text": " "}', method]);
    await assert.rejects(call, (error) => {
      assert.match(error.stderr, /invalid_argument/);
      assert.match(error.stderr, /BadRequest/);
      return true;
    });
  },
};

const [binary] = process.argv.slice(2);
if (!binary) {
  console.error("usage: node check.mjs PATH-OF-FRONTDESK");
  process.exit(2);
}
const data = await mkdtemp(join(tmpdir(), "frontdesk-node-"));
const { server, address } = await start(resolve(binary), data);
const context = {
  url: `http://${address}`,
  reads: stubOf("frontdesk/v1/triage_service.proto", "frontdesk.v1.TriageService").service.Triage.responseDeserialize,
  triage: client("frontdesk/v1/triage_service.proto", "frontdesk.v1.TriageService", address),
  knowledge: client("frontdesk/v1/knowledge_service.proto", "frontdesk.v1.KnowledgeService", address),
  decisions: client("frontdesk/v1/decision_service.proto", "frontdesk.v1.DecisionService", address),
  conversations: client("frontdesk/v1/conversation_service.proto", "frontdesk.v1.ConversationService", address),
  operations: client("google/longrunning/operations.proto", "google.longrunning.Operations", address),
};
let [passed, failed] = [0, 0];
for (const [name, check] of Object.entries({ ...checks, ...recordChecks })) {
  try {
    await check(context);
    passed += 1;
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}`);
    console.error(error);
  }
}
for (const name of ["triage", "knowledge", "decisions", "conversations", "operations"]) context[name].close();
const ended = new Promise((done) => server.on("exit", done));
server.removeAllListeners("error").kill("SIGTERM");
const code = await ended;
if (code !== 0) {
  failed += 1;
  console.log(`FAILED  the server ended with code ${code}`);
}
await rm(data, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
