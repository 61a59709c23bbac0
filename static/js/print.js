// The button that prints the page. Without this script the words beside it name the browser's menu.

const button = document.querySelector("[data-print]");
if (button) {
  button.hidden = false;
  document.querySelector("[data-no-script]").hidden = true;
  button.addEventListener("click", () => window.print());
}
