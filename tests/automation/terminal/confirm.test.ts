import assert from "node:assert/strict";

import { confirm, type Ask } from "../../../automation/terminal/confirm.ts";
import { rejects } from "../../helpers/raises.ts";

const { signal } = new AbortController();
const args = { command: "platform destroy qa", question: "Destroy qa.", expected: "qa", signal };

describe("confirmation", () => {
  it("is not asked for with --yes", async () => {
    await confirm({ ...args, yes: true, ask: () => assert.fail("asked") });
  });

  it("is the expected answer", async () => {
    const questions: string[] = [];
    const ask: Ask = async (question) => {
      questions.push(question);
      return "qa";
    };
    await confirm({ ...args, yes: false, ask });
    assert.deepEqual(questions, ["Destroy qa. Type qa to go on: "]);
  });

  it("is refused with any other answer", async () => {
    for (const answer of ["", "y", "yes", "prod"]) {
      await rejects("CONFIRMATION_NEEDED", confirm({ ...args, yes: false, ask: async () => answer }));
    }
  });

  it("is refused where nobody can be asked, with the way around", async () => {
    const error = await rejects("CONFIRMATION_NEEDED", confirm({ ...args, yes: false }));
    assert.match(error.remedy, /platform destroy qa --yes/);
  });

  it("can be interrupted", async () => {
    const ask: Ask = async () => {
      throw new DOMException("aborted", "AbortError");
    };
    await rejects("CANCELLED", confirm({ ...args, yes: false, ask }));
  });
});
