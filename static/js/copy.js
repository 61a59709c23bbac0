// Beside each address to hand over: a button that copies it.

for (const field of document.querySelectorAll(".copy input")) {
  field.addEventListener("focus", () => field.select());
  if (!navigator.clipboard) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ghost small";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = "Copied";
    } catch {
      field.focus();
    }
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  field.after(button);
}
