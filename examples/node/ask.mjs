// Asks a running Frontdesk what to do with a message.
//
//     npm install --prefix examples/node
//     node examples/node/ask.mjs "Where is my order 8812?"

import { fileURLToPath } from "node:url";
import grpc from "@grpc/grpc-js";
import loader from "@grpc/proto-loader";

const proto = fileURLToPath(new URL("../../proto", import.meta.url));
const contract = loader.loadSync("frontdesk/v1/triage_service.proto", { includeDirs: [proto], enums: String });
const { TriageService } = grpc.loadPackageDefinition(contract).frontdesk.v1;

const text = process.argv.slice(2).join(" ") || "我的订单说好周五到,现在还没发货";
const client = new TriageService("127.0.0.1:50051", grpc.credentials.createInsecure());
client.triage({ text }, { deadline: Date.now() + 10_000 }, (error, response) => {
  if (error) throw error;
  const { action, delivery, route, labels, draft } = response.decision;
  console.log(action, "→", route.queue);
  for (const { intent, probability } of labels.intents.slice(0, 3)) {
    console.log(`  ${probability.toFixed(2)} ${intent}`);
  }
  // Only a draft that says so may go out without a person.
  console.log(delivery === "DELIVERY_SEND" ? "send:" : "draft for a person:", draft?.text ?? "");
  client.close();
});
