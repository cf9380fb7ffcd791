/* Open or closed now, by the brand's clock: a page is built once and read at any hour. Without JavaScript the hours
   stand there in words. `data-opening` holds {zone, week: seven days from Monday, days: those that differ}; a day is a
   list of [from, to]. */
for (const place of document.querySelectorAll("[data-opening]")) {
  const { zone, week, days } = JSON.parse(place.dataset.opening);
  const language = document.documentElement.lang;
  const clock = new Intl.DateTimeFormat("sv", { timeZone: zone, dateStyle: "short", timeStyle: "short" }); // 2026-11-22 09:30
  const nearby = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const later = new Intl.DateTimeFormat(language, { timeZone: "UTC", month: "long", day: "numeric", weekday: "long" });
  const hour = new Intl.DateTimeFormat(language, { timeZone: "UTC", timeStyle: "short" });
  const written = (time) => time === "24:00" ? time : hour.format(new Date(`1970-01-01T${time}Z`));
  const spans = (day) => days[day.toISOString().slice(0, 10)] || week[(day.getUTCDay() + 6) % 7];
  const say = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // [is it open, until or from when, and in how many days that is], or nothing for a brand that never opens again.
  const state = (today, now) => {
    for (let ahead = 0; ahead < 60; ahead++) {
      const day = new Date(today.getTime() + ahead * 864e5);
      for (const [from, to] of spans(day)) {
        if (ahead || now < from) return [false, from, ahead, day];
        if (now < to) return [true, to, ahead, day];
      }
    }
    return [false];
  };

  const show = () => {
    const [date, now] = clock.format(new Date()).split(" ");
    const [isOpen, time, ahead, day] = state(new Date(`${date}T00:00Z`), now);
    place.hidden = !time;
    place.classList.toggle("is-open", isOpen);
    if (time) place.textContent = say(isOpen ? place.dataset.open : place.dataset.closed, { time: written(time), day: ahead < 2 ? nearby.format(ahead, "day") : later.format(day) });
  };
  show();
  setInterval(show, 60_000);
}
