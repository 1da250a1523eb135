/* What a host's own scripts offer, as far as an extension may count on it. */
function gradioApp() {
  const apps = document.getElementsByTagName("gradio-app");
  return (apps.length && apps[0].shadowRoot) || document;
}
function recalculate_prompts_txt2img() {
  ["txt2img_token_button", "txt2img_negative_token_button"].forEach((id) => document.getElementById(id)?.click());
}
