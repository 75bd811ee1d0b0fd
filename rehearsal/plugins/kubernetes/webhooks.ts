import type { KubeObject } from "../../kubernetes/objects.ts";

const kinds = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

interface Webhook {
  failurePolicy?: string;
  clientConfig: {
    service?: { namespace: string; name: string; path?: string };
    url?: string;
    caBundle?: string;
  };
}

/**
 * Makes a chart's admission webhooks harmless: their servers are pods on paper. Registered as they are, those that must answer would
 * block every pod and object of the mesh, and the others would hold each request up until the call to a cluster address that nobody
 * serves times out. So a failed call is ignored, and it fails at once: nothing listens on that port of the loopback interface.
 */
export function withoutWebhookServers(object: KubeObject): KubeObject {
  if (!kinds.includes(object.kind)) return object;
  const webhooks = (object["webhooks"] ?? []) as Webhook[];
  return { ...object, webhooks: webhooks.map(neutralize) };
}

function neutralize(webhook: Webhook): Webhook {
  const { service, url, ...clientConfig } = webhook.clientConfig;
  const path = service === undefined ? new URL(url ?? "https://127.0.0.1/").pathname : (service.path ?? "/");
  return {
    ...webhook,
    failurePolicy: "Ignore",
    clientConfig: { ...clientConfig, url: `https://127.0.0.1:9${path}` },
  };
}
