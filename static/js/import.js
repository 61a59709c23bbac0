// What was chosen, or dropped on the field, is said before it is sent.

const form = document.querySelector("[data-files]");
const chosen = form.querySelector(".chosen");

form.elements.files.addEventListener("change", ({ target: { files } }) => {
  const megabytes = [...files].reduce((sum, file) => sum + file.size, 0) / 1e6;
  const many = files.length === 1 ? files[0].name : `${files.length} files`;
  chosen.textContent = `${many}, ${megabytes < 1 ? "less than 1" : Math.round(megabytes)} MB`;
  chosen.hidden = !files.length;
});
