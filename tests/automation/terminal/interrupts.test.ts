import assert from "node:assert/strict";

import { listenForInterrupts, type SignalSource } from "../../../automation/terminal/interrupts.ts";

/** A process that can be interrupted without being one. */
class FakeProcess implements SignalSource {
  readonly listeners = new Map<string, () => void>();
  readonly exits: number[] = [];

  on(signal: string, listener: () => void): void {
    this.listeners.set(signal, listener);
  }

  off(signal: string): void {
    this.listeners.delete(signal);
  }

  exit(code: number): void {
    this.exits.push(code);
  }
}

function listen() {
  const source = new FakeProcess();
  const said: string[] = [];
  const interrupts = listenForInterrupts((text) => said.push(text), source);
  return { source, said, interrupts, press: (signal = "SIGINT") => source.listeners.get(signal)?.() };
}

describe("interrupts", () => {
  it("end in order at the first, and say so", () => {
    const { interrupts, press, said, source } = listen();
    press();
    assert.ok(interrupts.signal.aborted);
    assert.ok(!interrupts.kill.aborted);
    assert.match(said.join(), /Cancelling.*again to end at once/);
    assert.deepEqual(source.exits, []);
    interrupts.close();
  });

  it("end at once at the second, and without waiting at the third", () => {
    const { interrupts, press, said, source } = listen();
    press();
    press();
    assert.ok(interrupts.kill.aborted);
    assert.match(said[1] ?? "", /at once/);
    assert.deepEqual(source.exits, []);
    press();
    assert.deepEqual(source.exits, [130]);
    interrupts.close();
  });

  it("are a closed terminal and a request to end, too", () => {
    for (const signal of ["SIGTERM", "SIGHUP"]) {
      const { interrupts, press } = listen();
      press(signal);
      assert.ok(interrupts.signal.aborted);
      interrupts.close();
    }
  });

  it("are the process's own again once nobody listens", () => {
    const { interrupts, source } = listen();
    interrupts.close();
    assert.equal(source.listeners.size, 0);
  });
});
