// Checks of kept conversations and decisions, and of what stands in a decision by its place.

import assert from "node:assert/strict";
import grpc from "@grpc/grpc-js";

/** Fails unless a call is refused with a code and an ErrorInfo; gives the error. */
async function refused(code, call) {
  const error = await call.then(() => assert.fail(`not refused with ${code}`), (error) => error);
  assert.equal(error.code, code, error.message);
  const [details] = error.metadata.get("grpc-status-details-bin");
  assert.ok(details?.includes("google.rpc.ErrorInfo"), "no ErrorInfo");
  return { message: error.message, details };
}

/** Asserts that a refusal's BadRequest names a field. */
async function wrong(field, call) {
  const { details } = await refused(grpc.status.INVALID_ARGUMENT, call);
  assert.ok(details.includes("google.rpc.BadRequest") && details.includes(field), `${field} is not named: ${details}`);
}

export const recordChecks = {
  "A kept conversation goes to a person, who alone may speak, and back": async ({ triage, conversations }) => {
    const name = "conversations/node-1";
    const say = async (text) => (await triage.triage({ text, conversation: name })).decision;
    const greeted = await say("您好");
    assert.deepEqual([greeted.action, greeted.delivery], ["ACTION_ANSWER", "DELIVERY_SEND"]);
    const wanted = await say("轉真人客服");
    assert.equal(wanted.action, "ACTION_HANDOFF");
    assert.ok(wanted.notice.text && wanted.handoff.reasons.includes("HANDOFF_REASON_REQUESTED"));
    assert.equal(wanted.handoff.packet.queue, wanted.route.queue);
    assert.equal(wanted.conversation.owner, "OWNER_WAITING");
    const taken = await conversations.takeConversation({ name });
    assert.equal(taken.conversation.state.owner, "OWNER_PERSON");

    const owned = await say("請問運費怎麼算？");
    assert.deepEqual([owned.delivery, owned.notice], ["DELIVERY_DRAFT", null]);
    const bot = { name, turn: { role: "ROLE_BOT", text: "請稍等" } };
    const { message } = await refused(grpc.status.FAILED_PRECONDITION, conversations.appendTurn(bot));
    assert.match(message, /release it first/);
    const agent = { name, turn: { role: "ROLE_AGENT", text: "您好，請打 0912345678 給我。" } };
    const { turns } = (await conversations.appendTurn(agent)).conversation;
    assert.equal(turns.at(-1).text, "您好，請打 [phone] 給我。");

    const released = await conversations.releaseConversation({ name });
    assert.equal(released.conversation.state.owner, "OWNER_RELEASED");
    const free = await say("您好");
    assert.deepEqual([free.action, free.delivery], ["ACTION_ANSWER", "DELIVERY_SEND"]);
    assert.equal(free.conversation.numMessages, 4);
    await conversations.deleteConversation({ name });
    await refused(grpc.status.NOT_FOUND, conversations.getConversation({ name }));
  },
  "A message that is sent again gets its decision again and counts once": async ({ triage }) => {
    const request = { text: "我的包裹到哪裡了？", conversation: "conversations/node-2", requestId: "m-1" };
    const [first, again] = [await triage.triage(request), await triage.triage(request)];
    assert.deepEqual(again.decision, first.decision);
    assert.equal(again.decision.conversation.numMessages, 1);
    await wrong("request_id", triage.triage({ ...request, text: "谢谢" }));
  },
  "A kept decision is read and made again byte for byte": async ({ triage, decisions }) => {
    for (const text of ["How long do refunds take?", "请打13812345678，订单8812扣了两次款", "請問運費怎麼算？"]) {
      const { decision } = await triage.triage({ text });
      const { name } = decision;
      assert.deepEqual((await decisions.getDecision({ name })).decision, decision);
      for (const useCurrentRules of [false, true]) {
        const again = await decisions.replayDecision({ name, useCurrentRules });
        assert.deepEqual([again.identical, again.differences], [true, []]);
        assert.deepEqual(again.decision, decision);
      }
    }
    await wrong("name", decisions.getDecision({ name: "decisions/1" }));
  },
  "Personal data, requests and signals are named by bytes in UTF-8": async ({ triage }) => {
    const text = "😀急！我的訂單8812扣了兩次款，請打0912345678，或者寫到lin@mail.example";
    const { decision, personalData } = await triage.triage({ text });
    const source = Buffer.from(text);
    // Node counts in UTF-16; only a Buffer has the bytes that the contract names.
    const at = ({ startByte, endByte }) => source.subarray(startByte, endByte).toString();
    assert.deepEqual(personalData.map((found) => [found.kind, found.text]), [["phone", "0912345678"], ["email", "lin@mail.example"]]);
    for (const found of personalData) assert.equal(at(found), found.text);
    const places = [...decision.requests, ...decision.signals, ...decision.handoff.packet.entities];
    for (const place of places) assert.ok(at(place) && !at(place).includes("\ufffd"), JSON.stringify(place));
    assert.ok(!JSON.stringify(decision).includes("0912345678"), "personal data is in the decision");
  },
  "Enum values that one side does not know are refused by the server and read by the client": async (context) => {
    const { triage, conversations, reads } = context;
    for (const field of ["channel", "owner", "tone"]) await wrong(field, triage.triage({ text: "hello", [field]: 99 }));
    const turn = { role: 99, text: "hello" };
    await wrong("turns[0].role", triage.triage({ text: "hello", turns: [turn] }));
    await wrong("turn.role", conversations.appendTurn({ name: "conversations/node-3", turn }));
    // TriageResponse { decision: { action: 99, delivery: 98 } }, as a newer server may write it.
    const { decision } = reads(Buffer.from([0x0a, 0x04, 0x10, 99, 0x68, 98]));
    assert.deepEqual([decision.action, decision.delivery], [99, 98]);
  },
};
