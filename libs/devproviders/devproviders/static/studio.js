// Shows what the booking element tells its website, the newest first.
const names = ["ready", "step", "booked", "refused", "cancelled", "rescheduled", "error"];
const log = document.querySelector("#log");

for (const name of names) {
  document.addEventListener(`punchcard:${name}`, ({ type, detail }) => {
    const row = document.createElement("li");
    const what = document.createElement("b");
    what.textContent = type;
    row.append(what, ` ${JSON.stringify(detail)}`);
    log.prepend(row);
  });
}
