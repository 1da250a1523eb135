/* What a host's own scripts offer, as far as an extension may count on it. */
function gradioApp() {
  const apps = document.getElementsByTagName("gradio-app");
  return (apps.length && apps[0].shadowRoot) || document;
}
function recalculate_prompts_txt2img() {
  ["txt2img_token_button", "txt2img_negative_token_button"].forEach((id) => document.getElementById(id)?.click());
}
/* In another language, a host looks each piece of text up in its tables as it comes onto the page. */
function localizePage(table) {
  globalThis.localization = { ...globalThis.localization, ...table };
  const left = ["SCRIPT", "STYLE", "TEXTAREA"];
  function translate(text) {
    const said = text.parentElement && !left.includes(text.parentElement.nodeName) && table[text.textContent.trim()];
    if (said) text.textContent = said;
  }
  function translateAll(added) {
    if (added.nodeType === Node.TEXT_NODE) return translate(added);
    const walk = document.createTreeWalker(added, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) translate(walk.currentNode);
    return undefined;
  }
  const seen = (changes) => changes.forEach((change) => change.addedNodes.forEach(translateAll));
  new MutationObserver(seen).observe(document, { childList: true, subtree: true });
}
