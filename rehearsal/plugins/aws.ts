/**
 * The stand-in for the AWS provider plugin, as the engine starts it: once for each provider instance. State is under REHEARSAL_AWS,
 * so that all of them, and all environments that share the directory, see one account.
 */
import { accountLocation } from "./aws/account.ts";
import { SimulatedAws } from "./aws/provider.ts";
import { serveProvider } from "./serve.ts";

const location = accountLocation();
await serveProvider(new SimulatedAws(location.directory, location.id));
