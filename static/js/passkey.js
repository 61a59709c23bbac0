// Asks the browser for a passkey, or for a new one, and sends what it says with the form.

const form = document.querySelector("[data-passkey]");

const asked = {
  create: async (options) =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey),
    }),
  get: async (options) =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey),
    }),
};

if (form && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  form.hidden = false;
  document.querySelector("[data-passkey-none]")?.remove();
  const options = JSON.parse(document.getElementById("passkey-options").textContent);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const credential = await asked[form.dataset.passkey](options);
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      // Thought better of, or no passkey there: the form is as it was.
    }
  });
}
