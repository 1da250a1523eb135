/* What the script does on a page, a page of a few lines standing in: `node --test tests/browser/main.test.js`. */
const { test } = require("node:test");
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const SCRIPTS = ["counterprompt_1_model.js", "counterprompt_2_view.js", "counterprompt_3_main.js"];

/** Start our scripts on a page that asks *keys* one after another; the focus is on an element of *tagName*. */
function started(keys, tagName = "BODY") {
  const heard = {};
  const timers = [];
  const told = [];
  const focused = [];
  const word = { set value(text) { told.push(text); }, dispatchEvent() {} };
  const fields = { counterprompt_word: { querySelector: () => word } };
  const question = () => ({
    dataset: { cpQuestion: keys[0] },
    querySelector: () => Object.assign(button(), { focus: () => focused.push(keys[0]) }),
  });
  const button = () => ({ dataset: { cpAnswer: "1" }, closest: () => question() });
  const document = {
    readyState: "complete",
    activeElement: { tagName },
    getElementsByTagName: () => [],
    getElementById: (id) => fields[id] || null,
    addEventListener: (name, act) => { heard[name] = act; },
    querySelector: (selector) => (selector === "[data-cp-question]" && keys.length ? question() : null),
    querySelectorAll: () => [],
  };
  const page = vm.createContext({
    document, Event: class {}, setTimeout: () => 0, setInterval: (act) => timers.push(act),
  });
  for (const name of SCRIPTS) {
    vm.runInContext(fs.readFileSync(path.join(__dirname, "../../javascript", name), "utf8"), page);
  }
  const target = { closest: (selector) => (selector === "[data-cp-answer]" ? button() : selector === "[data-cp-question]" ? question() : null) };
  return {
    told, focused,
    click: (detail) => heard.click({ target, detail }),
    press: (key, more) => heard.keydown({ target, key, ...more }),
    wait: () => timers.forEach((act) => act()),
  };
}

test("the next question takes the focus that the last one left, and from nobody else", () => {
  for (const [tagName, expected] of [["BODY", ["second"]], ["TEXTAREA", []], ["INPUT", []], ["BUTTON", []]]) {
    const keys = ["first"];
    const page = started(keys, tagName);
    page.click(1);
    page.wait();
    keys[0] = "second";
    page.wait();
    page.wait();
    assert.deepEqual(page.focused, expected, tagName);
  }
});

test("a second click of a double click and a key that is held answer nothing twice", () => {
  const page = started(["first"]);
  page.click(1);
  page.click(2);
  page.press("1", { repeat: true });
  assert.equal(page.told.length, 1);
  page.press("1", { repeat: false });
  page.click(0);
  assert.equal(page.told.length, 3);
});
