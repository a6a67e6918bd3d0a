/**
 * <punchcard-booking location="…" key="pk_widget_…" lang="en|de|es" theme="auto|light|dark">
 *
 * Booking at one location, pasted into any website with one script tag; docs/widget.md says how.
 * What the API answers is only ever set as text, never as markup. Styles are adopted, scripts are
 * not evaluated: a strict content security policy of the website need not be loosened.
 */

const HOME = new URL(import.meta.url).origin;
const SENTENCE_OF_REFUSAL =
  "Sorry, but it appears that your membership is either not suitable or has expired.";

/* ── Words ─────────────────────────────────────────────────────────────────────────────────── */

const plural = (one, many) => (n) => (n === 1 ? one : many.replace("#", n));

const EN = {
  loading: "Loading…",
  back: "Back",
  next: "Continue",
  retry: "Try again",
  services: "Choose a service",
  addService: "Add another service",
  remove: (name) => `Remove ${name}`,
  others: "Other services",
  noServices: "Nothing can be booked online here at the moment.",
  minutes: (n) => `${n} min`,
  class: "Class",
  free: "Free of charge",
  membershipBooking: "Membership booking",
  withMembership: "Booking with membership",
  team: "Choose a team member",
  anyone: "Any team member",
  anyoneHint: "Shows the most times",
  time: "Choose a date and time",
  morning: "Morning",
  afternoon: "Afternoon",
  evening: "Evening",
  earlier: "Earlier month",
  later: "Later month",
  everyTime: "Show every time",
  noTimes: "There are no free times on this day.",
  noDates: "There are no free times in this month.",
  noDatesAtAll: "There are no free times in the next two months.",
  nextFree: (day) => `Next free day: ${day}`,
  someoneElse: "Choose another team member",
  zone: (city) => `Times are local times of the studio (${city}).`,
  events: "Choose a class",
  noEvents: "No classes are planned in the next weeks.",
  moreEvents: "Show later classes",
  spotsLeft: plural("1 spot left", "# spots left"),
  full: "Fully booked",
  options: "How would you like to book?",
  spots: "Number of spots",
  spotsHint: "With a membership, each spot takes one session.",
  fewer: "One spot fewer",
  more: "One spot more",
  payment: "Payment",
  payOnline: "Pay online",
  payOnlineHint: (price) => `${price}, on the payment page that follows`,
  useMembership: "Book with a membership",
  useMembershipHint: "A session of your membership pays",
  payLater: "Pay at the studio",
  contact: "Your details",
  name: "Name",
  phone: "Phone number",
  phoneHint: "Use the number that your membership was sold under, if you have one.",
  phoneHintPlain: "We only use it for your booking.",
  signIn: "Sign in with your phone",
  signInHint: "We send a code to your phone.",
  sendCode: "Send code",
  code: "Enter the code",
  codeSent: (phone) => `We have sent a code of six digits to ${phone}.`,
  codeLabel: "Code",
  codeAgain: "Send another code",
  codeWait: (n) => `Another code can be sent in ${n} s`,
  codeWrong: "This is not the code, or it is not valid any more.",
  otherPhone: "Another number",
  review: "Check and confirm",
  who: "Booked for",
  with: "With",
  when: "When",
  what: "What",
  where: "Where",
  notYou: "Not you? Sign out",
  signOut: "Sign out",
  carried: (name) => `Covered by ${name ?? "your membership"}`,
  carriedBy: plural("One session of your membership covers this booking.",
    "# sessions of your memberships cover this booking."),
  debitedAtStart: "It is debited when the appointment begins.",
  atStudio: "To pay at the studio",
  toPayOnline: "To pay online",
  book: "Book now",
  bookAndPay: "Book and pay",
  booking: "Booking…",
  pay: "Pay to confirm",
  payKept: (time) => `Your spot is kept for you until ${time}.`,
  payNow: (price) => `Pay ${price}`,
  payOpens: "The payment page opens in a new tab. This page goes on when it is paid.",
  payWaiting: "Waiting for the payment…",
  payPreparing: "Opening the payment page…",
  payOver: "It was not paid in time, so the spot is free again. Nothing was charged.",
  done: "You are booked",
  moved: "Your booking has been moved",
  freeUntil: (time) => `Free cancellation until ${time}`,
  tooLate: (time) => `Cancelling and rescheduling online was possible until ${time}.`,
  tooLateHint: "Please contact the studio.",
  bookMore: "Book something else",
  myBookings: "My bookings",
  refused: "This cannot be booked",
  refusedMembership: SENTENCE_OF_REFUSAL,
  why: "Why",
  canDo: "What you can do",
  otherService: "Choose another service",
  otherTime: "Choose another time",
  payInstead: "Pay online instead",
  otherPhoneInstead: "Use another phone number",
  askStudio: (name) => `Ask ${name}: a membership can be bought or renewed there.`,
  upcoming: "Upcoming",
  past: "Past and cancelled",
  noBookings: "You have no bookings here yet.",
  cancel: "Cancel",
  cancelBooking: "Cancel this booking?",
  cancelHint: "It becomes free for others at once.",
  cancelRefund: "What you paid online goes back to you.",
  cancelSession: "The session set aside for it is yours to use again.",
  cancelYes: "Yes, cancel it",
  cancelNo: "Keep it",
  cancelledNow: "The booking is cancelled.",
  reschedule: "Reschedule",
  newTime: "Choose a new time",
  newClass: "Choose another class",
  move: "Move booking",
  oldTime: "Until now",
  again: "Book again",
  signedInAs: (phone) => `Signed in as ${phone}`,
  status: {
    automatic_debiting: "Automatic debiting", debited: "Debited", not_debited: "Not debited",
    cancelled: "Cancelled", refused: "Not booked", requested: "Being checked",
    pending: "Pending", confirmed: "Confirmed", arrived: "Arrived", no_show: "No-show",
    paid: "Paid", paid_online: "Paid online",
  },
  owed: (price) => `To pay: ${price}`,
  partly: (price) => `Paid partially, to pay: ${price}`,
  spotsIn: (n, name) => (n === 1 ? name : `${name}, ${n} spots`),
  wrongChoice: "Please choose how to pay.",
  wrongName: "Please enter your name.",
  wrongPhone: "Please enter a phone number, with the prefix of its country if it is abroad.",
  wrongCode: "The code has six digits.",
  waitMinutes: (n) => `Too many codes were asked for. There may be another in ${n} minutes.`,
  problems: {
    "slot-taken": "Somebody else has just taken this time.",
    "event-full": "This class has too few spots left.",
    "too-many-requests": "Too many codes were asked for. Please wait a while.",
    "cancellation-too-late": "It is too late to cancel online.",
    "rescheduling-too-late": "It is too late to reschedule online.",
    "booking-timed-out": "It took too long, and nothing was booked. Please try again.",
    "not-found": "This is not offered any more.",
    "pending": "The booking is still being worked on. Please try again in a moment.",
    offline: "The connection was lost. Nothing is booked twice if you try again.",
    blocked: "Online booking is not available on this website.",
  },
  broken: "Something went wrong. Please try again.",
  blockedHint: "For whoever runs this website: is its address among the origins of the key?",
  hosted: "Open the booking page",
  reasons: {
    no_membership: "There is no membership under your phone number.",
    service_not_covered: (name) => `Your membership does not cover ${name}.`,
    location_not_covered: "Your membership is for another location.",
    status_not_valid: "Your membership is not active.",
    used_up: "All sessions of your membership are used.",
    expires_too_early: "Your membership expires too early.",
    expired: "Your membership has expired.",
    not_valid_yet: "Your membership is not valid yet.",
    not_enough_sessions: "Your membership has too few sessions left for this and what you have booked already.",
    frozen: "Your membership is frozen.",
    other: "Your membership cannot pay for this.",
  },
};

const DE = {
  loading: "Wird geladen…",
  back: "Zurück",
  next: "Weiter",
  retry: "Erneut versuchen",
  services: "Leistung wählen",
  addService: "Weitere Leistung hinzufügen",
  remove: (name) => `${name} entfernen`,
  others: "Weitere Leistungen",
  noServices: "Zurzeit kann hier nichts online gebucht werden.",
  minutes: (n) => `${n} Min.`,
  class: "Kurs",
  free: "Kostenlos",
  membershipBooking: "Buchung mit Mitgliedschaft",
  withMembership: "Mit Mitgliedschaft gebucht",
  team: "Person wählen",
  anyone: "Egal, wer",
  anyoneHint: "Zeigt die meisten Termine",
  time: "Tag und Uhrzeit wählen",
  morning: "Vormittag",
  afternoon: "Nachmittag",
  evening: "Abend",
  earlier: "Voriger Monat",
  later: "Nächster Monat",
  everyTime: "Alle Zeiten zeigen",
  noTimes: "An diesem Tag ist nichts frei.",
  noDates: "In diesem Monat ist nichts frei.",
  noDatesAtAll: "In den nächsten zwei Monaten ist nichts frei.",
  nextFree: (day) => `Nächster freier Tag: ${day}`,
  someoneElse: "Andere Person wählen",
  zone: (city) => `Alle Zeiten sind Ortszeiten des Studios (${city}).`,
  events: "Kurstermin wählen",
  noEvents: "In den nächsten Wochen sind keine Kurse geplant.",
  moreEvents: "Spätere Termine zeigen",
  spotsLeft: plural("noch 1 Platz", "noch # Plätze"),
  full: "Ausgebucht",
  options: "Wie möchtest du buchen?",
  spots: "Anzahl der Plätze",
  spotsHint: "Mit einer Mitgliedschaft kostet jeder Platz eine Einheit.",
  fewer: "Ein Platz weniger",
  more: "Ein Platz mehr",
  payment: "Bezahlung",
  payOnline: "Online bezahlen",
  payOnlineHint: (price) => `${price}, auf der Zahlungsseite, die folgt`,
  useMembership: "Mit Mitgliedschaft buchen",
  useMembershipHint: "Eine Einheit deiner Mitgliedschaft zahlt",
  payLater: "Im Studio bezahlen",
  contact: "Deine Angaben",
  name: "Name",
  phone: "Telefonnummer",
  phoneHint: "Nimm die Nummer, unter der deine Mitgliedschaft verkauft wurde, falls du eine hast.",
  phoneHintPlain: "Wir nutzen sie nur für deine Buchung.",
  signIn: "Mit dem Telefon anmelden",
  signInHint: "Wir senden einen Code an dein Telefon.",
  sendCode: "Code senden",
  code: "Code eingeben",
  codeSent: (phone) => `Wir haben einen sechsstelligen Code an ${phone} gesendet.`,
  codeLabel: "Code",
  codeAgain: "Neuen Code senden",
  codeWait: (n) => `Ein neuer Code ist in ${n} s möglich`,
  codeWrong: "Das ist nicht der Code, oder er gilt nicht mehr.",
  otherPhone: "Andere Nummer",
  review: "Prüfen und bestätigen",
  who: "Gebucht für",
  with: "Bei",
  when: "Wann",
  what: "Was",
  where: "Wo",
  notYou: "Nicht du? Abmelden",
  signOut: "Abmelden",
  carried: (name) => `Gedeckt durch ${name ?? "deine Mitgliedschaft"}`,
  carriedBy: plural("Eine Einheit deiner Mitgliedschaft deckt diese Buchung.",
    "# Einheiten deiner Mitgliedschaften decken diese Buchung."),
  debitedAtStart: "Abgebucht wird, wenn der Termin beginnt.",
  atStudio: "Im Studio zu zahlen",
  toPayOnline: "Online zu zahlen",
  book: "Jetzt buchen",
  bookAndPay: "Buchen und bezahlen",
  booking: "Wird gebucht…",
  pay: "Zum Bestätigen bezahlen",
  payKept: (time) => `Dein Platz ist bis ${time} für dich reserviert.`,
  payNow: (price) => `${price} bezahlen`,
  payOpens: "Die Zahlungsseite öffnet sich in einem neuen Tab. Hier geht es weiter, sobald bezahlt ist.",
  payWaiting: "Warten auf die Zahlung…",
  payPreparing: "Die Zahlungsseite wird geöffnet…",
  payOver: "Es wurde nicht rechtzeitig bezahlt, der Platz ist wieder frei. Es wurde nichts abgebucht.",
  done: "Du hast gebucht",
  moved: "Deine Buchung ist verschoben",
  freeUntil: (time) => `Kostenlos absagen bis ${time}`,
  tooLate: (time) => `Online absagen und verschieben war bis ${time} möglich.`,
  tooLateHint: "Bitte wende dich an das Studio.",
  bookMore: "Etwas anderes buchen",
  myBookings: "Meine Buchungen",
  refused: "Das kann nicht gebucht werden",
  refusedMembership: "Deine Mitgliedschaft passt leider nicht oder ist abgelaufen.",
  why: "Warum",
  canDo: "Was du tun kannst",
  otherService: "Andere Leistung wählen",
  otherTime: "Andere Zeit wählen",
  payInstead: "Stattdessen online bezahlen",
  otherPhoneInstead: "Andere Telefonnummer nehmen",
  askStudio: (name) => `Frag ${name}: Dort kann man eine Mitgliedschaft kaufen oder verlängern.`,
  upcoming: "Bevorstehend",
  past: "Vergangen und abgesagt",
  noBookings: "Du hast hier noch keine Buchungen.",
  cancel: "Absagen",
  cancelBooking: "Diese Buchung absagen?",
  cancelHint: "Sie wird sofort für andere frei.",
  cancelRefund: "Was du online bezahlt hast, kommt zurück.",
  cancelSession: "Die Einheit, die dafür zurückgelegt war, gehört wieder dir.",
  cancelYes: "Ja, absagen",
  cancelNo: "Behalten",
  cancelledNow: "Die Buchung ist abgesagt.",
  reschedule: "Verschieben",
  newTime: "Neue Zeit wählen",
  newClass: "Anderen Kurstermin wählen",
  move: "Buchung verschieben",
  oldTime: "Bisher",
  again: "Erneut buchen",
  signedInAs: (phone) => `Angemeldet mit ${phone}`,
  status: {
    automatic_debiting: "Automatische Abbuchung", debited: "Abgebucht",
    not_debited: "Nicht abgebucht", cancelled: "Abgesagt", refused: "Nicht gebucht",
    requested: "Wird geprüft", pending: "Ausstehend", confirmed: "Bestätigt",
    arrived: "Erschienen", no_show: "Nicht erschienen", paid: "Bezahlt",
    paid_online: "Online bezahlt",
  },
  owed: (price) => `Zu zahlen: ${price}`,
  partly: (price) => `Teilweise bezahlt, zu zahlen: ${price}`,
  spotsIn: (n, name) => (n === 1 ? name : `${name}, ${n} Plätze`),
  wrongChoice: "Bitte wähle, wie bezahlt wird.",
  wrongName: "Bitte gib deinen Namen an.",
  wrongPhone: "Bitte gib eine Telefonnummer an, aus dem Ausland mit Landesvorwahl.",
  wrongCode: "Der Code hat sechs Ziffern.",
  waitMinutes: (n) => `Es wurden zu viele Codes angefordert. Ein neuer ist in ${n} Minuten möglich.`,
  problems: {
    "slot-taken": "Diese Zeit hat gerade jemand anderes genommen.",
    "event-full": "In diesem Kurs sind nicht genug Plätze frei.",
    "too-many-requests": "Es wurden zu viele Codes angefordert. Bitte warte eine Weile.",
    "cancellation-too-late": "Zum Absagen ist es online zu spät.",
    "rescheduling-too-late": "Zum Verschieben ist es online zu spät.",
    "booking-timed-out": "Es hat zu lange gedauert, nichts wurde gebucht. Bitte versuche es erneut.",
    "not-found": "Das wird nicht mehr angeboten.",
    "pending": "Die Buchung ist noch in Arbeit. Bitte versuche es gleich noch einmal.",
    offline: "Die Verbindung ging verloren. Nichts wird doppelt gebucht, wenn du es erneut versuchst.",
    blocked: "Auf dieser Website kann nicht online gebucht werden.",
  },
  broken: "Etwas ist schiefgegangen. Bitte versuche es erneut.",
  blockedHint: "Für Betreiber dieser Website: Steht ihre Adresse bei den Origins des Schlüssels?",
  hosted: "Buchungsseite öffnen",
  reasons: {
    no_membership: "Unter deiner Telefonnummer gibt es keine Mitgliedschaft.",
    service_not_covered: (name) => `Deine Mitgliedschaft gilt nicht für ${name}.`,
    location_not_covered: "Deine Mitgliedschaft gilt an einem anderen Standort.",
    status_not_valid: "Deine Mitgliedschaft ist nicht aktiv.",
    used_up: "Alle Einheiten deiner Mitgliedschaft sind verbraucht.",
    expires_too_early: "Deine Mitgliedschaft läuft zu früh ab.",
    expired: "Deine Mitgliedschaft ist abgelaufen.",
    not_valid_yet: "Deine Mitgliedschaft gilt noch nicht.",
    not_enough_sessions: "Deine Mitgliedschaft hat zu wenige Einheiten für diese und deine anderen Buchungen.",
    frozen: "Deine Mitgliedschaft ist eingefroren.",
    other: "Deine Mitgliedschaft kann das nicht bezahlen.",
  },
};

const ES = {
  loading: "Cargando…",
  back: "Atrás",
  next: "Continuar",
  retry: "Intentar de nuevo",
  services: "Elige un servicio",
  addService: "Añadir otro servicio",
  remove: (name) => `Quitar ${name}`,
  others: "Otros servicios",
  noServices: "De momento no se puede reservar nada en línea aquí.",
  minutes: (n) => `${n} min`,
  class: "Clase",
  free: "Gratis",
  membershipBooking: "Reserva con abono",
  withMembership: "Reservado con abono",
  team: "Elige a un profesional",
  anyone: "Cualquiera del equipo",
  anyoneHint: "Muestra más horas",
  time: "Elige día y hora",
  morning: "Mañana",
  afternoon: "Tarde",
  evening: "Noche",
  earlier: "Mes anterior",
  later: "Mes siguiente",
  everyTime: "Ver todas las horas",
  noTimes: "No hay horas libres este día.",
  noDates: "No hay horas libres este mes.",
  noDatesAtAll: "No hay horas libres en los próximos dos meses.",
  nextFree: (day) => `Próximo día libre: ${day}`,
  someoneElse: "Elegir a otra persona",
  zone: (city) => `Las horas son las locales del estudio (${city}).`,
  events: "Elige una clase",
  noEvents: "No hay clases previstas en las próximas semanas.",
  moreEvents: "Ver clases posteriores",
  spotsLeft: plural("queda 1 plaza", "quedan # plazas"),
  full: "Completo",
  options: "¿Cómo quieres reservar?",
  spots: "Número de plazas",
  spotsHint: "Con un abono, cada plaza gasta una sesión.",
  fewer: "Una plaza menos",
  more: "Una plaza más",
  payment: "Pago",
  payOnline: "Pagar en línea",
  payOnlineHint: (price) => `${price}, en la página de pago que sigue`,
  useMembership: "Reservar con un abono",
  useMembershipHint: "Paga una sesión de tu abono",
  payLater: "Pagar en el estudio",
  contact: "Tus datos",
  name: "Nombre",
  phone: "Número de teléfono",
  phoneHint: "Usa el número con el que se vendió tu abono, si tienes uno.",
  phoneHintPlain: "Solo lo usamos para tu reserva.",
  signIn: "Entrar con tu teléfono",
  signInHint: "Enviamos un código a tu teléfono.",
  sendCode: "Enviar código",
  code: "Introduce el código",
  codeSent: (phone) => `Hemos enviado un código de seis cifras a ${phone}.`,
  codeLabel: "Código",
  codeAgain: "Enviar otro código",
  codeWait: (n) => `Se puede enviar otro código en ${n} s`,
  codeWrong: "Este no es el código, o ya no es válido.",
  otherPhone: "Otro número",
  review: "Revisa y confirma",
  who: "Reservado para",
  with: "Con",
  when: "Cuándo",
  what: "Qué",
  where: "Dónde",
  notYou: "¿No eres tú? Salir",
  signOut: "Salir",
  carried: (name) => `Cubierto por ${name ?? "tu abono"}`,
  carriedBy: plural("Una sesión de tu abono cubre esta reserva.",
    "# sesiones de tus abonos cubren esta reserva."),
  debitedAtStart: "Se descuenta cuando empieza la cita.",
  atStudio: "A pagar en el estudio",
  toPayOnline: "A pagar en línea",
  book: "Reservar",
  bookAndPay: "Reservar y pagar",
  booking: "Reservando…",
  pay: "Paga para confirmar",
  payKept: (time) => `Tu plaza está guardada hasta las ${time}.`,
  payNow: (price) => `Pagar ${price}`,
  payOpens: "La página de pago se abre en otra pestaña. Esta continúa cuando esté pagado.",
  payWaiting: "Esperando el pago…",
  payPreparing: "Abriendo la página de pago…",
  payOver: "No se pagó a tiempo y la plaza vuelve a estar libre. No se cobró nada.",
  done: "Reserva hecha",
  moved: "Tu reserva se ha cambiado",
  freeUntil: (time) => `Cancelación gratuita hasta ${time}`,
  tooLate: (time) => `Se podía cancelar y cambiar en línea hasta ${time}.`,
  tooLateHint: "Ponte en contacto con el estudio.",
  bookMore: "Reservar otra cosa",
  myBookings: "Mis reservas",
  refused: "No se puede reservar",
  refusedMembership: "Lo sentimos, pero parece que tu abono no es adecuado o ha caducado.",
  why: "Por qué",
  canDo: "Qué puedes hacer",
  otherService: "Elegir otro servicio",
  otherTime: "Elegir otra hora",
  payInstead: "Pagar en línea",
  otherPhoneInstead: "Usar otro teléfono",
  askStudio: (name) => `Pregunta en ${name}: allí puedes comprar o renovar un abono.`,
  upcoming: "Próximas",
  past: "Pasadas y canceladas",
  noBookings: "Todavía no tienes reservas aquí.",
  cancel: "Cancelar",
  cancelBooking: "¿Cancelar esta reserva?",
  cancelHint: "Queda libre para otros enseguida.",
  cancelRefund: "Se te devuelve lo que pagaste en línea.",
  cancelSession: "La sesión apartada vuelve a ser tuya.",
  cancelYes: "Sí, cancelar",
  cancelNo: "Mantenerla",
  cancelledNow: "La reserva está cancelada.",
  reschedule: "Cambiar",
  newTime: "Elige otra hora",
  newClass: "Elige otra clase",
  move: "Cambiar reserva",
  oldTime: "Hasta ahora",
  again: "Reservar de nuevo",
  signedInAs: (phone) => `Has entrado con ${phone}`,
  status: {
    automatic_debiting: "Descuento automático", debited: "Descontado",
    not_debited: "No descontado", cancelled: "Cancelada", refused: "No reservada",
    requested: "En revisión", pending: "Pendiente", confirmed: "Confirmada",
    arrived: "Asistió", no_show: "No asistió", paid: "Pagado", paid_online: "Pagado en línea",
  },
  owed: (price) => `A pagar: ${price}`,
  partly: (price) => `Pagado en parte, a pagar: ${price}`,
  spotsIn: (n, name) => (n === 1 ? name : `${name}, ${n} plazas`),
  wrongChoice: "Elige cómo pagar.",
  wrongName: "Escribe tu nombre.",
  wrongPhone: "Escribe un número de teléfono, con el prefijo del país si es extranjero.",
  wrongCode: "El código tiene seis cifras.",
  waitMinutes: (n) => `Se pidieron demasiados códigos. Habrá otro en ${n} minutos.`,
  problems: {
    "slot-taken": "Alguien acaba de ocupar esta hora.",
    "event-full": "En esta clase no quedan suficientes plazas.",
    "too-many-requests": "Se pidieron demasiados códigos. Espera un momento.",
    "cancellation-too-late": "Es tarde para cancelar en línea.",
    "rescheduling-too-late": "Es tarde para cambiar en línea.",
    "booking-timed-out": "Tardó demasiado y no se reservó nada. Inténtalo de nuevo.",
    "not-found": "Esto ya no se ofrece.",
    "pending": "La reserva aún está en curso. Inténtalo de nuevo en un momento.",
    offline: "Se perdió la conexión. Nada se reserva dos veces si lo intentas de nuevo.",
    blocked: "En este sitio web no se puede reservar en línea.",
  },
  broken: "Algo ha fallado. Inténtalo de nuevo.",
  blockedHint: "Para quien lleva este sitio web: ¿está su dirección entre los orígenes de la clave?",
  hosted: "Abrir la página de reservas",
  reasons: {
    no_membership: "No hay ningún abono con tu número de teléfono.",
    service_not_covered: (name) => `Tu abono no cubre ${name}.`,
    location_not_covered: "Tu abono es para otro centro.",
    status_not_valid: "Tu abono no está activo.",
    used_up: "Has gastado todas las sesiones de tu abono.",
    expires_too_early: "Tu abono caduca demasiado pronto.",
    expired: "Tu abono ha caducado.",
    not_valid_yet: "Tu abono todavía no es válido.",
    not_enough_sessions: "A tu abono le quedan pocas sesiones para esta y tus otras reservas.",
    frozen: "Tu abono está congelado.",
    other: "Tu abono no puede pagar esto.",
  },
};

const LANGUAGES = { en: EN, de: DE, es: ES };

/* ── Looks ─────────────────────────────────────────────────────────────────────────────────── */

const CSS = `
:host { display: block; width: 100%; container-type: inline-size; font-size: 1em; text-align: start; }
:host([hidden]) { display: none; }
*, ::before, ::after { box-sizing: border-box; }
.root {
  --accent: var(--punchcard-accent, var(--of-accent, #3b5bdb));
  --accent-text: var(--punchcard-accent-text, var(--on-accent, #fff));
  --label: var(--punchcard-label, var(--accent));
  --label-text: var(--punchcard-label-text, var(--on-label, #fff));
  --background: var(--punchcard-background, #fff);
  --surface: var(--punchcard-surface, #fff);
  --text: var(--punchcard-text, #1b1f2a);
  --muted: var(--punchcard-muted, #596074);
  --border: var(--punchcard-border, #dfe3ec);
  --danger: var(--punchcard-danger, #b42318);
  --success: var(--punchcard-success, #17693a);
  --radius: var(--punchcard-radius, 14px);
  --small: calc(var(--radius) * .7);
  --tint: color-mix(in oklab, var(--edge) 9%, var(--surface));
  --line: color-mix(in oklab, var(--edge) 45%, var(--border));
  --shadow: var(--punchcard-shadow, 0 1px 2px #10182814, 0 12px 32px -12px #10182824);
  font-family: var(--punchcard-font, inherit); font-size: var(--punchcard-font-size, inherit);
  line-height: 1.5; color: var(--text); background: var(--background); color-scheme: light;
  border: 1px solid var(--border); border-radius: var(--radius); box-shadow: var(--shadow);
  max-width: 46em; margin-inline: auto; overflow: clip; overflow-wrap: anywhere;
  display: flex; flex-direction: column; min-height: 25em;
}
.root[data-scheme=dark] {
  --background: var(--punchcard-background, #14161c);
  --surface: var(--punchcard-surface, #1b1e26);
  --text: var(--punchcard-text, #eceef4);
  --muted: var(--punchcard-muted, #a3abbd);
  --border: var(--punchcard-border, #323743);
  --danger: var(--punchcard-danger, #ff8f85);
  --success: var(--punchcard-success, #6fd79b);
  --tint: color-mix(in oklab, var(--edge) 20%, var(--surface));
  --shadow: var(--punchcard-shadow, 0 1px 2px #0006, 0 12px 32px -12px #000a);
  color-scheme: dark;
}
button, input, select { font: inherit; color: inherit; letter-spacing: inherit; margin: 0; }
button { cursor: pointer; -webkit-tap-highlight-color: transparent; }
button:disabled { cursor: default; }
:focus-visible { outline: 3px solid color-mix(in srgb, var(--ink) 60%, transparent); outline-offset: 2px; }
h2:focus { outline: none; }
h2, h3, p, ul, ol, dl, dd, fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
ul, ol { list-style: none; }
svg { width: 1.15em; height: 1.15em; flex: none; fill: none; stroke: currentColor; stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round; vertical-align: -.2em; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }

.top { display: flex; align-items: center; gap: .75em; padding: .8em 1.25em; min-height: 3.6em;
  border-bottom: 1px solid var(--border); }
.place { font-weight: 650; flex: 1; min-width: 0; }
.progress { height: 3px; background: var(--border); }
.progress i { display: block; height: 100%; background: var(--edge); transition: width .25s; }
.main { padding: 1.25em; flex: 1; display: flex; flex-direction: column; gap: 1em; }
.head { display: flex; align-items: center; gap: .5em; }
h2 { font-size: 1.3em; line-height: 1.25; font-weight: 700; letter-spacing: -.01em; }
h3 { font-size: .9em; font-weight: 650; color: var(--muted); margin-bottom: .6em; }
.content { display: flex; flex-direction: column; gap: 1.1em; flex: 1; }
.muted { color: var(--muted); } .small { font-size: .9em; }
.strong { font-weight: 650; }

.button { display: inline-flex; align-items: center; justify-content: center; gap: .5em;
  min-height: 2.9em; padding: .5em 1.15em; border-radius: var(--small); font-weight: 600;
  border: 1px solid var(--border); background: var(--surface); text-decoration: none;
  color: var(--text); transition: background .12s, border-color .12s; text-align: center; }
.button:hover:not(:disabled) { border-color: var(--line); background: var(--tint); }
.button.primary { background: var(--accent); border-color: var(--edge); color: var(--accent-text); }
.button.primary:hover:not(:disabled) {
  background: color-mix(in oklab, var(--accent) 88%, var(--text)); }
.button.danger { color: var(--danger); }
.button.danger:hover { border-color: var(--danger); background: var(--surface); }
.button:disabled { opacity: .5; }
.button.compact { min-height: 2.4em; padding: .25em .85em; font-size: .92em; }
.quiet { border: 0; background: none; padding: .4em .3em; min-height: 2em; font-weight: 600;
  color: var(--ink); border-radius: .4em; display: inline-flex; align-items: center; gap: .4em; }
.quiet:hover:not(:disabled) { text-decoration: underline; text-underline-offset: .2em; }
.quiet:disabled { color: var(--muted); font-weight: 400; }
.round { width: 2.5em; height: 2.5em; border-radius: 50%; border: 1px solid var(--border);
  background: var(--surface); display: inline-grid; place-items: center; flex: none; padding: 0; }
.round:hover:not(:disabled) { border-color: var(--line); background: var(--tint); }
.round:disabled { opacity: .35; }
.actions { display: flex; flex-wrap: wrap; gap: .6em; margin-top: auto; padding-top: .4em; }
.actions .primary { flex: 1 1 12em; }

.cards { display: grid; gap: .65em; }
.card { display: flex; align-items: center; gap: .9em; width: 100%; text-align: start;
  padding: .85em 1em; border: 1px solid var(--border); border-radius: var(--small);
  background: var(--surface); transition: background .12s, border-color .12s; }
button.card:hover:not(:disabled) { border-color: var(--line); background: var(--tint); }
button.card:disabled { opacity: .6; }
.card .body { flex: 1; min-width: 0; display: grid; gap: .2em; }
.card .title { font-weight: 650; }
.card .facts { color: var(--muted); font-size: .9em; }
.card .price { font-weight: 650; white-space: nowrap; }
.card .go { color: var(--muted); }
.avatar { width: 2.6em; height: 2.6em; border-radius: 50%; display: grid; place-items: center;
  background: var(--tint); color: var(--ink); font-weight: 700; flex: none; }
.tags { display: flex; flex-wrap: wrap; gap: .35em; margin-top: .2em; }
.tag { display: inline-flex; align-items: center; gap: .35em; padding: .12em .65em; border-radius: 99em;
  font-size: .8em; font-weight: 600; line-height: 1.6; border: 1px solid var(--border);
  color: var(--muted); background: var(--surface); }
.tag.membership { background: var(--label); border-color: color-mix(in srgb, var(--label) 85%, var(--text)); color: var(--label-text); }
.tag.good { color: var(--success); border-color: currentColor; }
.tag.bad { color: var(--danger); border-color: currentColor; }
.tag.plan { color: var(--ink); border-color: currentColor; }

.chosen { display: flex; flex-wrap: wrap; gap: .4em .5em; align-items: center; }
.chip { display: inline-flex; align-items: center; gap: .45em; padding: .28em .8em; border-radius: 99em;
  background: var(--tint); font-size: .9em; font-weight: 550; }
.chip button { border: 0; background: none; padding: .15em; margin: -.15em -.3em -.15em 0;
  display: grid; border-radius: 50%; }

.when { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.25em; }
.month .name { display: inline-block; }
.month { display: flex; align-items: center; justify-content: space-between; margin-bottom: .5em; }
.month .name { font-weight: 650; }
.month .name::first-letter, h3::first-letter { text-transform: uppercase; }
.days { display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: 2px; text-align: center; }
.days .wd { font-size: .75em; color: var(--muted); padding-bottom: .3em; text-transform: capitalize; }
.day { border: 1px solid transparent; background: none; border-radius: var(--small); padding: 0;
  aspect-ratio: 1; max-height: 3em; width: 100%; min-width: 0; font-variant-numeric: tabular-nums; }
.day:disabled { color: var(--muted); opacity: .55; }
.day:not(:disabled) { background: var(--tint); font-weight: 650; }
.day:not(:disabled):hover { border-color: var(--line); }
.day[aria-pressed=true] { background: var(--accent); border-color: var(--edge);
  color: var(--accent-text); }
.slots { display: grid; grid-template-columns: repeat(auto-fill, minmax(4.6em, 1fr)); gap: .5em; }
.slots .button { padding-inline: .2em; width: 100%; font-variant-numeric: tabular-nums; }
.part p { margin-bottom: .4em; }
.part + .part { margin-top: 1.1em; }
.part ~ .quiet { margin-top: .5em; }

.clock { min-width: 3.6em; font-weight: 700; font-size: 1.05em; font-variant-numeric: tabular-nums; }
.field { display: grid; gap: .35em; }
.field label, legend { font-weight: 650; padding: 0; }
.input { width: 100%; min-height: 3em; padding: .5em .85em; border-radius: var(--small);
  border: 1px solid color-mix(in srgb, var(--muted) 55%, var(--border)); background: var(--surface);
  font-size: max(1em, 16px); }
.input[aria-invalid=true] { border-color: var(--danger); }
.input.code { font-size: 1.6em; letter-spacing: .35em; text-align: center; max-width: 9em;
  font-variant-numeric: tabular-nums; }
.wrong { color: var(--danger); font-size: .9em; font-weight: 550; }
.choices { display: grid; gap: .6em; margin-top: .6em; }
.choice { display: flex; gap: .8em; align-items: center; padding: .9em 1em; cursor: pointer;
  border: 1px solid var(--border); border-radius: var(--small); background: var(--surface); }
.choice:has(:checked) { border-color: var(--edge); background: var(--tint);
  box-shadow: inset 0 0 0 1px var(--edge); }
.choice input { accent-color: var(--edge); width: 1.15em; height: 1.15em; flex: none; }
.stepper { display: inline-flex; align-items: center; gap: .9em; margin-top: .5em; }
.stepper output { min-width: 1.6em; text-align: center; font-size: 1.3em; font-weight: 700;
  font-variant-numeric: tabular-nums; }

.sheet { border: 1px solid var(--border); border-radius: var(--small); background: var(--surface); }
.sheet > * { display: grid; grid-template-columns: 7.5em 1fr; gap: .2em 1em; padding: .8em 1em; }
.sheet > * + * { border-top: 1px solid var(--border); }
.sheet dt { color: var(--muted); font-size: .92em; }
.line { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .2em 1em; }
.line + .line { margin-top: .35em; }
.total { font-weight: 700; }
.note { display: flex; gap: .7em; padding: .8em 1em; border-radius: var(--small);
  background: var(--tint); align-items: flex-start; }
.note svg { margin-top: .17em; color: var(--ink); }
.note.bad { background: color-mix(in oklab, var(--danger) 10%, var(--surface)); }
.note.bad svg { color: var(--danger); }
.hero { display: grid; justify-items: center; text-align: center; gap: .7em; padding: 1em 0 .2em; }
.disc { width: 3.6em; height: 3.6em; border-radius: 50%; display: grid; place-items: center;
  background: color-mix(in oklab, var(--success) 15%, var(--surface)); color: var(--success); }
.disc.bad { background: color-mix(in oklab, var(--danger) 12%, var(--surface)); color: var(--danger); }
.disc svg { width: 1.7em; height: 1.7em; }
.reasons li { display: flex; gap: .6em; padding: .3em 0; }
.reasons svg { margin-top: .18em; color: var(--muted); }
.ways { display: grid; gap: .6em; justify-items: stretch; }
.booking { padding: 1em; border: 1px solid var(--border); border-radius: var(--small);
  background: var(--surface); display: grid; gap: .55em; }
.booking.over { background: none; }
.booking .buttons { display: flex; flex-wrap: wrap; gap: .5em; margin-top: .25em; }
.account { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between;
  gap: .2em 1em; }

.bone { border-radius: var(--small); background: linear-gradient(90deg,
  color-mix(in srgb, var(--border) 55%, transparent) 25%, var(--border) 50%,
  color-mix(in srgb, var(--border) 55%, transparent) 75%) 0 0 / 200% 100%;
  animation: shimmer 1.6s linear infinite; height: 4.2em; }
.spin { animation: turn .9s linear infinite; }
@keyframes shimmer { to { background-position: -200% 0; } }
@keyframes turn { to { transform: rotate(1turn); } }
@keyframes rise { from { opacity: 0; transform: translateY(.35em); } }
.content > * { animation: rise .18s ease-out; }
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after { animation: none !important; transition: none !important; }
}
@media (forced-colors: active) {
  .day[aria-pressed=true], .button.primary { border: 2px solid; }
}
@container (min-width: 37em) {
  .main { padding: 1.6em 1.75em 1.75em; } .top { padding-inline: 1.75em; }
  .when { grid-template-columns: minmax(17em, 1.15fr) minmax(0, 1fr); align-items: start; gap: 2em; }
}
@container (max-width: 23em) {
  .main { padding: 1em .9em 1.1em; } .top { padding-inline: .9em; }
  .sheet > * { grid-template-columns: 1fr; }
  .card { padding: .75em .8em; gap: .7em; }
  .card .go { display: none; }
}
@container (max-width: 20em) { .top .words { display: none; } }
`;

const ICONS = {
  back: "M15 18l-6-6 6-6",
  go: "M9 18l6-6-6-6",
  minus: "M5 12h14",
  plus: "M12 5v14M5 12h14",
  cross: "M6 6l12 12M18 6L6 18",
  check: "M5 12.5l4.5 4.5L19 7",
  ticket: "M3 9V6a1 1 0 011-1h16a1 1 0 011 1v3a3 3 0 000 6v3a1 1 0 01-1 1H4a1 1 0 01-1-1v-3a3 3 0 000-6zM14 5v14",
  clock: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 7v5l3 2",
  user: "M12 4a4 4 0 100 8 4 4 0 000-8zM4 20c1.5-3.5 4.5-5 8-5s6.5 1.5 8 5",
  users: "M9 5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM2.5 19c1-3 3.5-4.5 6.5-4.5s5.5 1.5 6.5 4.5M16 5.5a3.2 3.2 0 010 6.2M18 14.8c1.700.7 2.900 2.100 3.5 4.200",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  info: "M12 3a9 9 0 100 18 9 9 0 000-18zM12 11v5M12 8v.01",
  warning: "M12 4L2.5 20h19zM12 10v4M12 17v.01",
  card: "M3 6h18v12H3zM3 10h18",
  wait: "M12 3a9 9 0 019 9",
};

/** Make an element. Children that are no nodes become text, whatever they say. */
function h(name, given = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag || "div");
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(given)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "value") made.value = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(2).filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

function icon(name, spins = false) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  if (spins) svg.classList.add("spin");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/* Colours are read back as the browser paints them, however the website has written them. */

const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

function painted(colour) {
  pixel.fillStyle = colour;
  pixel.fillRect(0, 0, 1, 1);
  return [...pixel.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

function contrast(one, other) {
  const [dark, light] = [one, other].map((colour) => {
    const [r, g, b] = colour.map((part) => (part <= 10
      ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }).sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** Black or white, whichever is read better on a colour. */
const readableOn = (colour) => (contrast(colour, [255, 255, 255]) >= 4.5 ? "#fff" : "#111318");

/** A colour, as much nearer to that of the text as it takes to be seen on a ground. */
function seenOn(ground, colour, text, enough) {
  for (let share = 0; share <= 1; share += 0.1) {
    const mixed = colour.map((part, n) => Math.round(part + (text[n] - part) * share));
    if (contrast(mixed, ground) >= enough) return `rgb(${mixed.join(" ")})`;
  }
  return `rgb(${text.join(" ")})`;
}

/* ── The public API ────────────────────────────────────────────────────────────────────────── */

const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** A key of our own for one submission. Not every website is served in a secure context. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

/** Why a request came to nothing: `kind` is the name of the problem, or `offline`, `blocked`. */
class Failure extends Error {
  constructor(kind, problem = {}, wait = 0) {
    super(problem.detail ?? kind);
    Object.assign(this, { kind, problem, wait });
  }

  /** Whether the same may be sent again, under the same key. */
  get passing() {
    return ["offline", "pending", "service-unavailable", "internal-error"].includes(this.kind);
  }
}

class Edge {
  constructor(base, location, key) {
    Object.assign(this, { base, key, here: `/v1/locations/${encodeURIComponent(location)}` });
  }

  get(path, token) {
    return this.#ask("GET", path, { token });
  }

  /** `attempt` is the idempotency key: the same again has one effect and one answer. */
  post(path, body, { token, attempt } = {}) {
    return this.#ask("POST", path, { body, token, attempt });
  }

  async #ask(method, path, { body, token, attempt }) {
    const headers = { Authorization: `Bearer ${token ?? this.key}` };
    if (body) headers["Content-Type"] = "application/json";
    if (attempt) headers["Idempotency-Key"] = attempt;
    let answer;
    try {
      answer = await fetch(this.base + path, {
        method, headers, body: body && JSON.stringify(body), credentials: "omit",
        referrerPolicy: "origin", signal: AbortSignal.timeout?.(30_000),
      });
    } catch {
      // A browser does not say why. If the edge is there, it is this website that may not ask.
      const there = await fetch(`${this.base}/livez`, { mode: "no-cors", credentials: "omit" })
        .then(() => true, () => false);
      throw new Failure(there && method === "GET" ? (token ? "unauthenticated" : "blocked") : "offline");
    }
    const said = await answer.json().catch(() => ({}));
    if (answer.status === 202 && said.href) return this.#outcome(said.href, token);
    if (answer.ok) return said;
    const kind = String(said.type ?? "").split("/").pop() || "internal-error";
    throw new Failure(kind, said, Number(answer.headers.get("Retry-After") ?? 0));
  }

  /** What became of a command that was not concluded in time. */
  async #outcome(path, token) {
    for (let tries = 0; tries < 30; tries += 1) {
      await pause(1);
      const { state, result, problem } = await this.#ask("GET", path, { token });
      if (state === "done") return result;
      if (state === "refused") throw new Failure(problem.type.split("/").pop(), problem);
    }
    throw new Failure("pending");
  }
}

/* ── The element ───────────────────────────────────────────────────────────────────────────── */

const PROGRESS = {
  services: 8, team: 22, time: 40, events: 40, options: 52, contact: 64, code: 76, review: 90,
  pay: 95, done: 100,
};
const DAY = 86_400_000;
const CODE_WAIT = 30;
const MANY = 32; // starts on one day that can be taken in at a glance

const sheet = new CSSStyleSheet();
sheet.replaceSync(CSS);

class PunchcardBooking extends HTMLElement {
  static observedAttributes = ["location", "key", "lang", "theme", "api"];

  #root = h(".root", { part: "widget" });
  #main = h(".main", { part: "body" });
  #top = h(".top", { part: "header" });
  #bar = h("i");
  #live = h("p.sr", { role: "status" });
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #edge;
  #words = EN;
  #place = null;
  #who = null;
  #wish = {};
  #trail = [];
  #turn = 0;
  #touched = false;
  #sent = null;
  #starting = false;

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    this.#root.append(this.#top, h(".progress", { "aria-hidden": "true" }, this.#bar), this.#main,
      this.#live);
    shadow.append(this.#root);
  }

  connectedCallback() {
    this.#dark.addEventListener("change", this.#paint);
    this.#restart();
  }

  disconnectedCallback() {
    this.#dark.removeEventListener("change", this.#paint);
    this.#turn += 1;
  }

  attributeChangedCallback(name, before, now) {
    if (!this.isConnected || before === now) return;
    if (name === "theme") this.#paint();
    else this.#restart();
  }

  /** Begin once, however many attributes are set in a row. */
  #restart() {
    if (this.#starting) return;
    this.#starting = true;
    queueMicrotask(() => {
      this.#starting = false;
      if (this.isConnected) this.#start();
    });
  }

  #start() {
    const asked = (this.getAttribute("lang") ?? "").toLowerCase().split("-")[0];
    this.#words = LANGUAGES[asked] ?? EN;
    this.#edge = new Edge(
      (this.getAttribute("api") || HOME).replace(/\/+$/, ""),
      this.getAttribute("location") ?? "", this.getAttribute("key") ?? "");
    this.#root.lang = LANGUAGES[asked] ? asked : "en";
    this.#root.dir = "ltr"; // as all languages that it speaks, whatever the website is written in
    this.#place = null;
    this.#wish = {};
    this.#trail = [];
    this.#touched = false;
    this.#who = this.#remembered();
    this.#paint();
    this.#open(this.#services);
  }

  /** Tell the website; of the client it learns nothing. */
  #tell(what, detail = {}) {
    this.dispatchEvent(
      new CustomEvent(`punchcard:${what}`, { detail, bubbles: true, composed: true }));
  }

  /* Looks */

  #paint = () => {
    const theme = this.#place?.location.widget_theme;
    const given = this.getAttribute("theme");
    const mode = ["light", "dark", "auto"].includes(given) ? given : theme?.mode ?? "auto";
    const dark = mode === "dark" || (mode === "auto" && this.#dark.matches);
    this.#root.dataset.scheme = dark ? "dark" : "light";
    const style = this.#root.style;
    if (theme) style.setProperty("--of-accent", theme.color);
    const [accent, label, surface, text] = ["accent", "label", "surface", "text"].map((name) => {
      this.#live.style.color = `var(--${name})`;
      return painted(getComputedStyle(this.#live).color);
    });
    this.#live.style.color = "";
    style.setProperty("--on-accent", readableOn(accent));
    style.setProperty("--on-label", readableOn(label));
    style.setProperty("--ink", seenOn(surface, accent, text, 5));
    style.setProperty("--edge", seenOn(surface, accent, text, 1.7));
  };

  #header() {
    const words = this.#words;
    this.#top.replaceChildren(
      h("span.place", { part: "location" }, this.#place?.location.name ?? ""),
      this.#place && h("button.quiet", {
        type: "button", part: "link", "aria-label": words.myBookings,
        onclick: () => this.#open(this.#bookings),
      }, icon("calendar"), h("span.words", {}, words.myBookings)) || "");
  }

  /* Steps */

  /** Show a step; `back` leads here again. */
  #open(step) {
    this.#trail.push(step);
    step.call(this);
  }

  /** Show a step in the place of the present one. */
  #instead(step) {
    this.#trail.pop();
    this.#open(step);
  }

  #back() {
    this.#trail.pop();
    this.#trail.at(-1)?.call(this);
  }

  #home() {
    this.#wish = {};
    this.#trail = [];
    this.#open(this.#services);
  }

  /** Clear the stage for a step. `live()` tells whether it is still on when an answer comes. */
  #stage(step, title, { back = this.#trail.length > 1 } = {}) {
    const turn = (this.#turn += 1);
    if (this.#who && Date.parse(this.#who.expires_at) < Date.now() + 30_000) this.#remember(null);
    const heading = h("h2", { tabindex: "-1", part: "heading" }, title);
    const content = h(".content");
    this.#header();
    this.#paint();
    this.#bar.style.width = `${PROGRESS[step] ?? 0}%`;
    this.#main.replaceChildren(
      h(".head", {}, back && h("button.round", {
        type: "button", part: "back", "aria-label": this.#words.back, onclick: () => this.#back(),
      }, icon("back")), heading),
      content);
    if (this.#touched) {
      heading.focus({ preventScroll: true });
      if (this.getBoundingClientRect().top < 0) this.scrollIntoView({ block: "start" });
    }
    this.#touched = true;
    this.#tell("step", { step });
    return { content, live: () => turn === this.#turn };
  }

  /** Fill a step with what has to be asked for first. */
  async #fill(stage, load, draw, bones = 3) {
    stage.content.replaceChildren(
      ...Array.from({ length: bones }, () => h(".bone", { "aria-hidden": "true" })));
    stage.content.setAttribute("aria-busy", "true");
    this.#live.textContent = this.#words.loading;
    try {
      const answer = await load();
      if (!stage.live()) return;
      stage.content.replaceChildren(...[draw(answer)].flat(2).filter(Boolean));
    } catch (failure) {
      if (!stage.live()) return;
      if (this.#signedOutBy(failure)) return;
      stage.content.replaceChildren(this.#excuse(failure), h(".actions", {},
        this.#button(this.#words.retry, () => this.#fill(stage, load, draw, bones), "primary")));
    }
    stage.content.removeAttribute("aria-busy");
    this.#live.textContent = "";
  }

  /** Do what a button says, once at a time; `failed` may deal with what goes wrong. */
  async #work(stage, button, label, work, failed = () => false) {
    const before = [...button.childNodes];
    for (const one of stage.content.querySelectorAll(".failure")) one.remove();
    button.disabled = true;
    button.replaceChildren(icon("wait", true), label);
    this.#live.textContent = label;
    try {
      await work();
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      if (!stage.live() || this.#signedOutBy(failure) || failed(failure)) return;
      const excuse = this.#excuse(failure);
      button.closest(".actions")?.before(excuse) ?? stage.content.append(excuse);
    } finally {
      this.#live.textContent = "";
      button.disabled = false;
      button.replaceChildren(...before);
    }
  }

  /** Say what went wrong. */
  #excuse(failure) {
    const words = this.#words;
    if (!(failure instanceof Failure)) console.error(failure);
    const { kind = "broken", problem = {} } = failure;
    this.#tell("error", { type: kind, status: problem.status ?? null });
    const text = failure.wait > 60 ? words.waitMinutes(Math.ceil(failure.wait / 60))
      : words.problems[kind]
        ?? (problem.status < 500 && problem.detail ? problem.detail : words.broken);
    return h(".note.bad.failure", { role: "alert", part: "error" }, icon("warning"), h("div", {},
      h("p", {}, text),
      kind === "blocked" && h("p.small.muted", {}, words.blockedHint),
      kind === "blocked" && h("a.quiet", {
        href: `${this.#edge.base}/book/${encodeURIComponent(this.getAttribute("location") ?? "")}`,
        target: "_blank", rel: "noopener",
      }, words.hosted)));
  }

  #button(label, onclick, kind = "", given = {}) {
    const name = kind ? `button.button.${kind}` : "button.button";
    const part = kind.includes("primary") ? "button primary-button" : "button";
    return h(name, { type: "button", part, onclick, ...given }, label);
  }

  /* What there is */

  async #opened() {
    if (this.#place) return this.#place;
    const edge = this.#edge;
    const [location, { services }, { team_members: members }] = await Promise.all([
      edge.get(edge.here), edge.get(`${edge.here}/services`), edge.get(`${edge.here}/team-members`),
    ]);
    const [chain, { categories }] = await Promise.all([
      edge.get(`/v1/chains/${location.chain_id}`),
      edge.get(`/v1/chains/${location.chain_id}/categories`),
    ]);
    // The clock of a sandbox is not that of the world.
    const clock = chain.sandbox ? await edge.get(`/v1/chains/${chain.chain_id}/clock`) : {};
    this.#place = { location, services, members, categories, ahead: clock.offset_seconds ?? 0 };
    this.#header();
    this.#paint();
    this.#tell("ready", { location_id: location.location_id });
    return this.#place;
  }

  #now() {
    return Date.now() + (this.#place?.ahead ?? 0) * 1000;
  }

  /** Dates and times as they are where the location is. */
  #format(instant, options) {
    const { time_zone: timeZone, region } = this.#place.location;
    const locale = (this.getAttribute("lang") ?? "").includes("-") && LANGUAGES[this.#root.lang]
      ? this.getAttribute("lang") : `${this.#root.lang}-${region}`;
    return new Intl.DateTimeFormat(locale, { timeZone, ...options }).format(new Date(instant));
  }

  /** The local date of an instant, as YYYY-MM-DD. */
  #date(instant) {
    const parts = { year: "numeric", month: "2-digit", day: "2-digit" };
    const { time_zone: timeZone } = this.#place.location;
    return new Intl.DateTimeFormat("en-CA", { timeZone, ...parts }).format(new Date(instant));
  }

  /** A date that is no instant; its name is the same in every zone. */
  #day(date, options = { weekday: "long", day: "numeric", month: "long" }) {
    return this.#format(`${date}T12:00:00Z`, { ...options, timeZone: "UTC" });
  }

  #clock = (instant) => this.#format(instant, { hour: "numeric", minute: "2-digit" });
  #moment = (instant) => this.#format(instant,
    { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" });

  #money({ amount, currency }) {
    const format = new Intl.NumberFormat(`${this.#root.lang}-${this.#place.location.region}`,
      { style: "currency", currency });
    return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
  }

  #price = (money) => (money.amount ? this.#money(money) : this.#words.free);

  #zoneNote() {
    const zone = this.#place.location.time_zone;
    const hour = (timeZone) => new Intl.DateTimeFormat("en",
      { timeZone, hour: "numeric", minute: "numeric", day: "numeric" }).format(this.#now());
    if (hour(zone) === hour(undefined)) return null;
    return h("p.small.muted", {}, this.#words.zone(zone.split("/").pop().replaceAll("_", " ")));
  }

  #memberName = (id) => this.#place.members.find((one) => one.team_member_id === id)?.name;
  #service = (id) => this.#place.services.find((one) => one.service_id === id);

  #label(text = this.#words.membershipBooking) {
    return h("span.tag.membership", { part: "label" }, icon("ticket"), text);
  }

  /* Services */

  #services() {
    const words = this.#words;
    const adding = this.#wish.services?.length > 0 && this.#trail.length > 1;
    if (!adding) this.#wish = {};
    const stage = this.#stage("services", adding ? words.addService : words.services);
    this.#fill(stage, () => this.#opened(), ({ services, categories, members }) => {
      const offered = services.filter((one) => one.kind === "group"
        || members.some((member) => member.service_ids.includes(one.service_id)));
      const shown = adding ? offered.filter((one) => one.kind === "individual"
        && !this.#wish.services.includes(one)
        && this.#performing([...this.#wish.services, one]).length) : offered;
      if (!shown.length) return h("p.muted", {}, words.noServices);
      const groups = [...categories, { category_id: null, name: words.others }]
        .map(({ category_id: id, name }) => ({
          name, of: shown.filter((one) => (one.category_id ?? null) === id),
        }))
        .filter((group) => group.of.length);
      return groups.map(({ name, of }) => h("section", {},
        groups.length > 1 && h("h3", {}, name),
        h("ul.cards", {}, of.map((one) => h("li", {}, this.#serviceCard(one, adding))))));
    }, 4);
  }

  #serviceCard(service, adding) {
    const words = this.#words;
    const choose = () => {
      this.#wish = { services: [...(adding ? this.#wish.services : []), service] };
      if (adding) this.#trail.pop();
      if (service.kind === "group") this.#open(this.#events);
      else if (adding) this.#instead(this.#team);
      else this.#open(this.#team);
    };
    return h("button.card", { type: "button", part: "card", onclick: choose },
      h("span.body", {},
        h("span.title", {}, service.name),
        h("span.facts", {}, words.minutes(service.duration_minutes),
          service.kind === "group" && ` · ${words.class}`),
        service.membership_booking && h("span.tags", {}, this.#label())),
      h("span.price", {}, this.#price(service.price)), h("span.go", {}, icon("go")));
  }

  /** Who performs all of these services. */
  #performing(services) {
    return this.#place.members.filter((member) =>
      services.every((one) => member.service_ids.includes(one.service_id)));
  }

  /** What was chosen so far, and a way to choose more (several services make one booking). */
  #chosen({ more = false } = {}) {
    const words = this.#words;
    const { services = [], member, event, start, moving } = this.#wish;
    const chip = (text, gone) => h("li.chip", {}, text, gone && h("button", {
      type: "button", "aria-label": words.remove(text), onclick: gone,
    }, icon("cross")));
    const drop = (service) => () => {
      this.#wish.services = services.filter((one) => one !== service);
      this.#instead(this.#team);
    };
    const others = this.#place.services.some((one) => one.kind === "individual");
    return h("ul.chosen", {},
      services.map((one) => chip(one.name, more && services.length > 1 && drop(one))),
      member && chip(this.#memberName(member)),
      (event || start) && chip(this.#moment(event?.start ?? start)),
      more && !moving && others && services.length < 5 && h("li", {}, h("button.quiet.small", {
        type: "button", part: "link", onclick: () => this.#open(this.#services),
      }, icon("plus"), words.addService)));
  }

  /* Team member */

  #team() {
    const words = this.#words;
    const members = this.#performing(this.#wish.services);
    delete this.#wish.start;
    const stage = this.#stage("team", words.team);
    const choose = (member) => () => {
      this.#wish.member = member;
      this.#open(this.#time);
    };
    const card = (face, title, hint, member) => h("li", {}, h("button.card",
      { type: "button", part: "card", onclick: choose(member) },
      h("span.avatar", { "aria-hidden": "true" }, face),
      h("span.body", {}, h("span.title", {}, title), hint && h("span.facts", {}, hint)),
      h("span.go", {}, icon("go"))));
    stage.content.append(this.#chosen({ more: true }), h("ul.cards", {},
      card(icon("users"), words.anyone, words.anyoneHint, null),
      members.map((one) => card([...one.name][0], one.name, null, one.team_member_id))));
  }

  /* Date and time */

  #time() {
    const words = this.#words;
    const { services, moving } = this.#wish;
    delete this.#wish.start;
    const stage = this.#stage("time", moving ? words.newTime : words.time);
    const asked = (more) => {
      const query = new URLSearchParams(more);
      for (const one of services) query.append("service_id", one.service_id);
      if (this.#wish.member) query.set("team_member_id", this.#wish.member);
      return query;
    };
    const plus = (date, days) => new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
    const today = this.#date(this.#now());
    const edge = this.#edge;
    const freeDates = async (from, to) =>
      (await edge.get(`${edge.here}/free-dates?${asked({ from, to })}`)).dates;
    const freeSlots = async (date) =>
      (await edge.get(`${edge.here}/free-slots?${asked({ date })}`)).slots;

    this.#fill(stage, () => freeDates(today, plus(today, 61)), (dates) => {
      const known = new Set(dates);
      const seen = new Set();
      const parts = [this.#chosen({ more: true }), moving && this.#memberSelect()];
      if (!known.size) {
        return [...parts, h("p", {}, words.noDatesAtAll), this.#wish.member && !moving
          && h(".actions", {}, this.#button(words.someoneElse, () => this.#back(), "primary"))];
      }
      const calendar = h("div");
      const times = h("div", { "aria-live": "polite" });
      let day = dates[0];
      let month = day.slice(0, 7);

      const showMonth = async (next) => {
        const which = next < month ? 0 : 1;
        month = next;
        drawMonth();
        keepFocus(which);
        const [first, last] = [`${month}-01`, plus(`${following(month)}-01`, -1)];
        if (last > plus(today, 61) && !seen.has(month)) {
          seen.add(month);
          const more = await freeDates(first < today ? today : first, last).catch(() => []);
          for (const one of more) known.add(one);
          if (!stage.live()) return;
          drawMonth();
          keepFocus(which);
        }
      };
      const keepFocus = (which) => {
        const steps = [...calendar.querySelectorAll(".round")];
        steps[steps[which].disabled ? 1 - which : which].focus();
      };
      const choose = (date) => {
        day = date;
        drawMonth();
        calendar.querySelector("[aria-pressed=true]")?.focus();
        drawTimes();
      };
      const drawMonth = () => {
        const first = new Date(`${month}-01T12:00:00Z`);
        const lead = (first.getUTCDay() + 6) % 7;
        const count = Number(plus(`${following(month)}-01`, -1).slice(8));
        const step = (to, symbol, label, allowed) => h("button.round", {
          type: "button", "aria-label": label, disabled: !allowed, onclick: () => showMonth(to),
        }, icon(symbol));
        const number = (one) => {
          const date = `${month}-${String(one).padStart(2, "0")}`;
          return h("button.day", {
            type: "button", part: date === day ? "day day-selected" : "day",
            disabled: !known.has(date), "aria-label": this.#day(date),
            "aria-pressed": known.has(date) ? String(date === day) : false,
            onclick: () => choose(date),
          }, String(one));
        };
        calendar.replaceChildren(
          h(".month", {},
            step(following(month, -1), "back", words.earlier, month > today.slice(0, 7)),
            h("span.name", { "aria-live": "polite" },
              this.#day(`${month}-01`, { month: "long", year: "numeric" })),
            step(following(month), "go", words.later, month < following(today.slice(0, 7), 11))),
          h(".days", {},
            Array.from({ length: 7 }, (_, n) => h("span.wd", { "aria-hidden": "true" },
              this.#day(plus("2024-01-01", n), { weekday: "short" }))),
            Array.from({ length: lead }, () => h("span")),
            Array.from({ length: count }, (_, n) => number(n + 1))),
          ![...known].some((one) => one.startsWith(month)) && h("p.small.muted", {}, words.noDates)
            || "");
      };
      const drawTimes = async () => {
        const wanted = day;
        times.replaceChildren(h(".bone"), h("p.sr", {}, words.loading));
        let slots;
        try {
          slots = await freeSlots(wanted);
        } catch (failure) {
          if (stage.live() && wanted === day) {
            times.replaceChildren(this.#excuse(failure),
              this.#button(words.retry, drawTimes, "compact"));
          }
          return;
        }
        if (!stage.live() || wanted !== day) return;
        const later = [...known].sort().find((one) => one > day);
        times.replaceChildren(h("h3", {}, this.#day(day)), ...(slots.length
          ? this.#slotParts(slots, times)
          : [h("p", {}, words.noTimes), later ? this.#button(words.nextFree(this.#day(later)), () => {
            month = later.slice(0, 7);
            choose(later);
          }) : ""]));
      };
      drawMonth();
      drawTimes();
      return [...parts, h(".when", {}, calendar, times), this.#zoneNote()];
    });
  }

  /** The starts of a day by its parts; of very many, those on round times until all are wanted. */
  #slotParts(all, times, coarse = true) {
    const words = this.#words;
    const minutes = ({ start }) => {
      const [hours, rest] = new Intl.DateTimeFormat("en-GB", {
        timeZone: this.#place.location.time_zone, hour: "2-digit", minute: "2-digit",
      }).format(new Date(start)).split(":");
      return Number(hours) * 60 + Number(rest);
    };
    const hour = (one) => minutes(one) / 60;
    const on = (step) => all.filter((one) => minutes(one) % step === 0);
    const rounded = [15, 30, 60].map(on).find((some) => some.length > 0 && some.length <= MANY);
    const slots = coarse && all.length > MANY && rounded ? rounded : all;
    const rest = slots === all ? [] : [h("button.quiet.small", {
      type: "button", part: "link", onclick: () => {
        const heading = times.firstChild;
        times.replaceChildren(heading, ...this.#slotParts(all, times, false));
        times.querySelector("button")?.focus();
      },
    }, icon("plus"), words.everyTime)];
    const parts = [[words.morning, 0, 12], [words.afternoon, 12, 17], [words.evening, 17, 24]]
      .map(([name, from, to]) => [name, slots.filter((one) => hour(one) >= from && hour(one) < to)])
      .filter(([, some]) => some.length)
      .map(([name, some]) => h(".part", {}, h("p.small.muted", {}, name),
        h("ul.slots", {}, some.map((slot) => h("li", {}, this.#button(this.#clock(slot.start), () => {
          this.#wish.start = slot.start;
          this.#afterTime();
        }, "", { part: "slot" }))))));
    return [...parts, ...rest];
  }

  /** For another time of what is booked: the same person, another, or anybody. */
  #memberSelect() {
    const words = this.#words;
    const option = (value, text) => h("option",
      { value, selected: (this.#wish.member ?? "") === value }, text);
    return h(".field", {}, h("label", { for: "member" }, words.with), h("select.input", {
      id: "member", part: "input", onchange: (event) => {
        this.#wish.member = event.target.value || null;
        this.#instead(this.#time);
      },
    }, option("", words.anyone),
    this.#performing(this.#wish.services).map((one) => option(one.team_member_id, one.name))));
  }

  /* Classes */

  #events() {
    const words = this.#words;
    const [service] = this.#wish.services;
    delete this.#wish.event;
    const stage = this.#stage("events", this.#wish.moving ? words.newClass : words.events);
    const edge = this.#edge;
    const plus = (date, days) => new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
    let from = this.#date(this.#now());
    const load = async () => {
      const { events } = await edge.get(
        `${edge.here}/events?${new URLSearchParams({ date: from, until: plus(from, 30) })}`);
      from = plus(from, 31);
      return events.filter((one) => one.service_id === service.service_id && !one.cancelled
        && Date.parse(one.start) > this.#now() && one.event_id !== this.#wish.moving?.event_id);
    };
    const loadSome = async () => {
      for (let tries = 0; tries < 2; tries += 1) {
        const found = await load();
        if (found.length) return found;
      }
      return [];
    };
    this.#fill(stage, loadSome, (events) => {
      const list = h(".content");
      const more = this.#button(words.moreEvents, () => this.#work(stage, more, words.loading,
        async () => {
          const found = await loadSome();
          list.append(...this.#eventDays(found));
          if (!found.length) more.replaceWith(h("p.muted", {}, words.noEvents));
        }));
      list.append(...this.#eventDays(events));
      if (!events.length) return [this.#chosen(), h("p.muted", {}, words.noEvents)];
      return [this.#chosen(), list, h(".actions", {}, more), this.#zoneNote()];
    });
  }

  #eventDays(events) {
    const days = new Map();
    for (const one of events) {
      const date = this.#date(one.start);
      days.set(date, [...(days.get(date) ?? []), one]);
    }
    return Array.from(days, ([date, some]) => h("section", {}, h("h3", {}, this.#day(date)),
      h("ul.cards", {}, some.map((one) => h("li", {}, this.#eventCard(one))))));
  }

  #eventCard(event) {
    const words = this.#words;
    const left = event.capacity - event.spots_taken;
    const enough = left >= (this.#wish.moving ? this.#wish.spots : 1);
    return h("button.card", {
      type: "button", part: "card", disabled: !enough, onclick: () => {
        this.#wish.event = event;
        this.#afterTime();
      },
    },
    h("span.clock", {}, this.#clock(event.start)),
    h("span.body", {},
      h("span.title", {}, event.service_name),
      h("span.facts", {}, [words.minutes((Date.parse(event.end) - Date.parse(event.start)) / 60_000),
        this.#memberName(event.team_member_id)].filter(Boolean).join(" · "))),
    h("span.small", { class: left > 3 ? "small muted" : "small strong" },
      left > 0 ? words.spotsLeft(left) : words.full),
    h("span.go", {}, icon("go")));
  }

  /* Spots, and how to pay */

  #paysOnline = (service) => service.online_payment !== "off" && service.price.amount > 0;

  /** Whether there is a choice between paying online and something else, and what else. */
  #choice() {
    const services = this.#wish.services.filter(this.#paysOnline);
    if (services.some((one) => one.membership_booking)) return "membership";
    return services.some((one) => one.online_payment === "optional") ? "studio" : null;
  }

  #afterTime() {
    const { event, moving } = this.#wish;
    if (moving?.how === "reschedule") return this.#open(this.#review);
    if (this.#choice() || (event && !moving)) return this.#open(this.#options);
    return this.#open(this.#afterOptions());
  }

  #afterOptions() {
    return this.#wish.moving || this.#who?.name ? this.#review : this.#contact;
  }

  #options() {
    const words = this.#words;
    const { event, services, moving } = this.#wish;
    const choice = this.#choice();
    const most = event && !moving ? Math.min(event.capacity - event.spots_taken, 50) : 1;
    this.#wish.spots = Math.min(this.#wish.spots ?? 1, moving ? 50 : most);
    const stage = this.#stage("options", words.options);
    const price = () => this.#money({
      amount: services.reduce((sum, one) => sum + one.price.amount, 0) * this.#wish.spots,
      currency: services[0].price.currency,
    });
    const hint = h("span.small.muted", {}, words.payOnlineHint(price()));
    const wrong = h("p.wrong", { role: "alert" });
    const radio = (value, title, text) => h("label.choice", { part: "choice" },
      h("input", {
        type: "radio", name: "payment", value: String(value),
        checked: this.#wish.payOnline === value,
        onchange: () => {
          this.#wish.payOnline = value;
          wrong.textContent = "";
        },
      }),
      h("span.body", {}, h("span.strong", {}, title), h("br"), text));
    const count = h("output", { "aria-live": "polite" }, String(this.#wish.spots));
    const step = (by, symbol, label) => h("button.round", {
      type: "button", "aria-label": label, onclick: () => {
        this.#wish.spots = Math.max(1, Math.min(most, this.#wish.spots + by));
        count.textContent = String(this.#wish.spots);
        hint.textContent = words.payOnlineHint(price());
      },
    }, icon(symbol));
    const done = () => {
      if (choice && this.#wish.payOnline === undefined) {
        wrong.textContent = words.wrongChoice;
        stage.content.querySelector("input")?.focus();
        return;
      }
      this.#open(this.#afterOptions());
    };
    stage.content.append(...[
      this.#chosen(),
      event && !moving && h("fieldset", {}, h("legend", {}, words.spots),
        h(".stepper", {}, step(-1, "minus", words.fewer), count, step(1, "plus", words.more)),
        h("p.small.muted", {}, words.spotsLeft(most),
          services[0].membership_booking && ` · ${words.spotsHint}`)),
      choice && h("fieldset", {}, h("legend", {}, words.payment), h(".choices", {},
        choice === "membership"
          ? radio(false, words.useMembership, h("span.small.muted", {}, words.useMembershipHint))
          : radio(false, words.payLater, h("span.small.muted", {}, price())),
        radio(true, words.payOnline, hint)), wrong),
      h(".actions", {}, this.#button(words.next, done, "primary")),
    ].filter(Boolean));
  }

  /* Who books */

  /** The token of a client who has confirmed the phone, kept until the tab is closed. */
  #remembered() {
    try {
      const who = JSON.parse(sessionStorage.getItem(this.#shelf()));
      return who && Date.parse(who.expires_at) > Date.now() ? who : null;
    } catch {
      return null;
    }
  }

  #remember(who) {
    this.#who = who;
    try {
      if (who) sessionStorage.setItem(this.#shelf(), JSON.stringify(who));
      else sessionStorage.removeItem(this.#shelf());
    } catch { /* A website may forbid it; then it is remembered until the page is left. */ }
  }

  #shelf = () => `punchcard:${this.#edge.base}:${this.getAttribute("location")}`;

  /** The token ends: sign out, and begin where a code can be asked for. */
  #signedOutBy(failure) {
    if (failure.kind !== "unauthenticated" || !this.#who) return false;
    this.#remember(null);
    this.#trail.at(-1)?.call(this);
    return true;
  }

  /** Booking with a membership, and what will be debited, needs a confirmed phone (rule G8). */
  #needsCode() {
    const { services, payOnline } = this.#wish;
    return this.#place.location.phone_confirmation || services.some((one) => {
      const paid = this.#paysOnline(one)
        && (payOnline || (one.online_payment === "mandatory" && !one.membership_booking));
      return (one.membership_booking || one.automatic_debiting) && !paid;
    });
  }

  #field(name, label, given, hint) {
    const wrong = h("p.wrong", { id: `${name}-wrong`, role: "alert" });
    const input = h("input.input", {
      id: name, name, part: "input", "aria-describedby": `${name}-hint ${name}-wrong`, ...given,
    });
    const complain = (text) => {
      wrong.textContent = text;
      input.setAttribute("aria-invalid", String(Boolean(text)));
      if (text) input.focus();
    };
    input.addEventListener("input", () => complain(""));
    const field = h(".field", {}, h("label", { for: name }, label), input,
      h("p.small.muted", { id: `${name}-hint` }, hint), wrong);
    return { field, input, complain };
  }

  #contact(wrong = null) {
    const words = this.#words;
    const member = this.#needsCode();
    const stage = this.#stage("contact", words.contact);
    const name = this.#field("name", words.name, {
      type: "text", autocomplete: "name", maxlength: "200", value: this.#wish.name ?? "",
    });
    const phone = this.#field("phone", words.phone, {
      type: "tel", autocomplete: "tel", maxlength: "40", disabled: Boolean(this.#who),
      value: this.#who?.phone ?? this.#wish.phone ?? "",
    }, member ? words.phoneHint : words.phoneHintPlain);
    const submit = (event) => {
      event.preventDefault();
      const typed = { name: name.input.value.trim(), phone: phone.input.value.trim() };
      if (!typed.name) return name.complain(words.wrongName);
      if (typed.phone.replace(/\D/g, "").length < 5) return phone.complain(words.wrongPhone);
      Object.assign(this.#wish, typed);
      if (this.#who) {
        this.#remember({ ...this.#who, name: typed.name });
        return this.#open(this.#review);
      }
      return member ? this.#open(() => this.#code(typed.phone, this.#review))
        : this.#open(this.#review);
    };
    stage.content.append(this.#chosen(), h("form.content", { novalidate: true, onsubmit: submit },
      name.field, phone.field, h(".actions", {},
        this.#button(words.next, null, "primary", { type: "submit" }))));
    if (wrong) phone.complain(wrong);
  }

  /** Sign in without booking anything. */
  #signIn(next) {
    const words = this.#words;
    const stage = this.#stage("contact", words.signIn);
    const phone = this.#field("phone", words.phone, {
      type: "tel", autocomplete: "tel", maxlength: "40", value: this.#wish.phone ?? "",
    }, words.signInHint);
    const submit = (event) => {
      event.preventDefault();
      const typed = phone.input.value.trim();
      if (typed.replace(/\D/g, "").length < 5) return phone.complain(words.wrongPhone);
      this.#wish.phone = typed;
      return this.#open(() => this.#code(typed, next));
    };
    stage.content.append(h("form.content", { novalidate: true, onsubmit: submit }, phone.field,
      h(".actions", {}, this.#button(words.sendCode, null, "primary", { type: "submit" }))));
  }

  #code(phone, next) {
    const words = this.#words;
    const edge = this.#edge;
    const stage = this.#stage("code", words.code);
    const wait = () => Math.ceil(CODE_WAIT - (Date.now() - this.#sent.at) / 1000);
    const send = async () => {
      if (this.#sent?.phone !== phone || wait() <= 0) {
        await edge.post(`${edge.here}/phone-codes`, { phone });
        this.#sent = { phone, at: Date.now() };
      }
    };
    const draw = () => {
      const code = this.#field("code", words.codeLabel, {
        type: "text", inputmode: "numeric", autocomplete: "one-time-code", maxlength: "7",
      }, words.codeSent(phone));
      code.input.classList.add("code");
      const confirm = this.#button(words.next, null, "primary", { type: "submit" });
      const submit = (event) => {
        event?.preventDefault();
        const typed = code.input.value.replace(/\D/g, "");
        if (typed.length !== 6) return code.complain(words.wrongCode);
        return this.#work(stage, confirm, words.loading, async () => {
          const who = await edge.post(`${edge.here}/phone-confirmations`, { phone, code: typed });
          this.#sent = null;
          this.#remember({ ...who, name: this.#wish.name });
          this.#trail.pop();
          this.#instead(next);
        }, (failure) => {
          if (failure.kind !== "phone-code-wrong") return false;
          code.input.value = "";
          code.complain(words.codeWrong);
          return true;
        });
      };
      code.input.addEventListener("input", () => {
        if (code.input.value.replace(/\D/g, "").length === 6) submit();
      });
      const again = h("button.quiet.small", {
        type: "button", part: "link",
        onclick: () => this.#fill(stage, send, draw, 1),
      });
      const tick = () => {
        if (!stage.live() || !this.#sent) return;
        again.disabled = wait() > 0;
        again.textContent = wait() > 0 ? words.codeWait(wait()) : words.codeAgain;
        if (wait() > 0) setTimeout(tick, 1000);
      };
      tick();
      queueMicrotask(() => code.input.focus({ preventScroll: true }));
      return h("form.content", { novalidate: true, onsubmit: submit }, code.field,
        h(".actions", {}, confirm),
        h(".account", {}, again, h("button.quiet.small", {
          type: "button", part: "link", onclick: () => this.#back(),
        }, words.otherPhone)));
    };
    this.#fill(stage, async () => {
      try {
        await send();
      } catch (failure) {
        if (failure.kind !== "invalid-request") throw failure;
        this.#trail.pop();
        const before = this.#trail.at(-1);
        before.call(this);
        this.#main.querySelector("#phone")?.focus();
        const wrong = this.#main.querySelector("#phone-wrong");
        if (wrong) wrong.textContent = words.wrongPhone;
      }
    }, draw, 1);
  }

  /* Check and confirm */

  #form() {
    const { services, member, start, event, spots, payOnline, name, phone } = this.#wish;
    const lines = services.map((one) => ({
      service_id: one.service_id, ...(member ? { team_member_id: member } : {}),
    }));
    return {
      name: this.#who?.name ?? name, phone: this.#who?.phone ?? phone,
      ...(event ? { spots: { event_id: event.event_id, spots } } : { appointments: [{ start, lines }] }),
      ...(this.#choice() ? { pay_online: payOnline } : {}),
    };
  }

  #row = (term, ...what) => h("div", {}, h("dt", {}, term), h("dd", {}, what));

  #review() {
    const words = this.#words;
    if (this.#wish.moving) return this.#reviewMove();
    if (this.#needsCode() && !this.#who) return this.#instead(this.#contact);
    const edge = this.#edge;
    const form = this.#form();
    const stage = this.#stage("review", words.review);
    const token = this.#who?.token;
    return this.#fill(stage,
      () => edge.post(`${edge.here}/booking-forecasts`, form, { token }),
      (forecast) => {
        if (forecast.outcome === "refused") {
          const failure = new Failure(forecast.problem.type.split("/").pop(), forecast.problem);
          queueMicrotask(() => this.#refusedBy(failure) || stage.content.append(
            this.#excuse(failure)));
          return [];
        }
        let attempt = newKey();
        const confirm = this.#button(forecast.to_pay ? words.bookAndPay : words.book, () =>
          this.#work(stage, confirm, words.booking, async () => {
            const booking = await edge.post(`${edge.here}/bookings`, form, { token, attempt });
            this.#booked(booking);
          }, (failure) => {
            if (!failure.passing) attempt = newKey();
            return this.#refusedBy(failure);
          }), "primary");
        return [this.#summary(forecast.booking.appointments[0], forecast),
          h(".actions", {}, confirm),
          this.#who && h("button.quiet.small", {
            type: "button", part: "link", onclick: () => {
              this.#remember(null);
              this.#instead(this.#contact);
            },
          }, words.notYou)];
      });
  }

  /** What is booked, when, with whom; what pays each line. */
  #summary(appointment, { to_pay: toPay, names }) {
    const words = this.#words;
    const { lines } = appointment;
    const held = lines.filter((one) => one.membership_id).length;
    const team = [...new Set(lines.map((one) => this.#memberName(one.team_member_id)))]
      .filter(Boolean);
    const owed = lines.filter((one) => !one.membership_id)
      .reduce((sum, one) => sum + one.price.amount, 0);
    const { currency } = lines[0].price;
    return [
      h("dl.sheet", { part: "summary" },
        this.#row(words.what, lines.map((one) => h(".line", {}, h("span", {}, one.service_name),
          one.membership_id ? this.#label(words.carried(names?.[one.membership_id]))
            : h("span", {}, this.#price(one.price))))),
        this.#row(words.when, h("span.strong", {}, this.#day(this.#date(appointment.start))),
          h("br"), `${this.#clock(appointment.start)} – ${this.#clock(appointment.end)}`),
        team.length > 0 && this.#row(words.with, team.join(", ")),
        this.#row(words.who, this.#who?.name ?? this.#wish.name, h("br"),
          h("span.muted.small", {}, this.#who?.phone ?? this.#wish.phone)),
        this.#row(words.where, this.#place.location.name),
        toPay ? this.#row(words.toPayOnline, h("span.total", {}, this.#money(toPay)))
          : owed > 0 && this.#row(words.atStudio,
            h("span.total", {}, this.#money({ amount: owed, currency })))),
      held > 0 && h(".note", {}, icon("ticket"), h("div", {}, h("p.strong", {}, words.carriedBy(held)),
        lines.some((one) => this.#service(one.service_id)?.automatic_debiting)
          && h("p.small.muted", {}, words.debitedAtStart))),
      this.#deadline(appointment),
    ];
  }

  /** Until when the client may still change it, or why no more. */
  #deadline({ free_cancellation_until: until }) {
    const words = this.#words;
    return h("p.small.muted", {}, icon("clock"), " ", Date.parse(until) > this.#now()
      ? words.freeUntil(this.#moment(until))
      : `${words.tooLate(this.#moment(until))} ${words.tooLateHint}`);
  }

  /** Another time for what is booked, or the same again. */
  #reviewMove() {
    const words = this.#words;
    const edge = this.#edge;
    const { moving, event, start, member, payOnline, services } = this.#wish;
    const reschedules = moving.how === "reschedule";
    const stage = this.#stage("review", reschedules ? words.move : words.again);
    const path = `${edge.here}/appointments/${moving.appointment_id}/${moving.how}`;
    const when = event ? { event_id: event.event_id }
      : { start, team_member_id: member ?? "any" };
    const form = !reschedules && this.#choice() ? { ...when, pay_online: payOnline } : when;
    let attempt = newKey();
    const confirm = this.#button(reschedules ? words.move : words.book, () =>
      this.#work(stage, confirm, words.booking, async () => {
        const answer = await edge.post(path, form, { token: this.#who.token, attempt });
        if (!reschedules) return this.#booked(answer);
        this.#tell("rescheduled", {
          appointment_id: answer.appointment_id, start: answer.start,
        });
        this.#trail = [this.#services, this.#bookings];
        return this.#open(() => this.#done(answer, words.moved));
      }, (failure) => {
        if (!failure.passing) attempt = newKey();
        return this.#refusedBy(failure);
      }), "primary");
    stage.content.append(h("dl.sheet", { part: "summary" },
      this.#row(words.what, words.spotsIn(event ? this.#wish.spots : 1,
        services.map((one) => one.name).join(", "))),
      reschedules && this.#row(words.oldTime, h("s.muted", {}, this.#moment(moving.start))),
      this.#row(words.when, h("span.strong", {}, this.#moment(event?.start ?? start))),
      !event && this.#row(words.with, member ? this.#memberName(member) : words.anyone)),
    h(".actions", {}, confirm));
  }

  #booked(booking) {
    const [appointment] = booking.appointments;
    const told = {
      booking_id: booking.booking_id, state: booking.state, start: appointment.start,
      service_ids: appointment.lines.map((one) => one.service_id),
      booked_with_membership: appointment.booked_with_membership,
    };
    this.#trail = [this.#services];
    if (booking.state === "awaiting_payment") {
      this.#open(() => this.#pay(booking, told));
    } else {
      this.#tell("booked", told);
      this.#open(() => this.#done(appointment));
    }
  }

  /* Paying online */

  async #pay(booking, told) {
    const words = this.#words;
    const edge = this.#edge;
    const [appointment] = booking.appointments;
    const stage = this.#stage("pay", words.pay, { back: false });
    const link = h("div", {}, h("p.muted", { role: "status" }, icon("wait", true), " ",
      words.payPreparing));
    stage.content.append(
      h("p.strong", {}, this.#spots(appointment), " · ", this.#moment(appointment.start)),
      h(".note", {}, icon("clock"), h("p", {}, words.payKept(this.#clock(booking.pay_until)))), link);
    for (;;) {
      const payment = await edge.get(`${edge.here}/payments/${booking.payment_id}`,
        this.#who?.token).catch(() => null);
      if (!stage.live()) return;
      if (payment?.state === "open" && payment.checkout_url && !link.dataset.open) {
        link.dataset.open = "yes";
        const checkout = new URL(payment.checkout_url);
        link.replaceChildren(
          h(".actions", {}, h("a.button.primary", {
            part: "button primary-button", target: "_blank", rel: "noopener",
            href: /^https?:$/.test(checkout.protocol) ? checkout.href : false,
          }, icon("card"), words.payNow(this.#money(payment.amount)))),
          h("p.small.muted", {}, words.payOpens),
          h("p.small.muted", { role: "status" }, icon("wait", true), " ", words.payWaiting));
      }
      if (payment?.state === "paid") {
        this.#tell("booked", { ...told, state: "accepted" });
        appointment.lines.forEach((one) => { one.paid_online = true; });
        appointment.payment_status = "paid";
        appointment.owed.amount = 0;
        appointment.state = "accepted";
        this.#instead(() => this.#done(appointment));
        return;
      }
      if (["failed", "expired", "refunded"].includes(payment?.state)) {
        stage.content.replaceChildren(
          h(".note.bad", { role: "alert" }, icon("warning"), h("p", {}, words.payOver)),
          h(".actions", {}, this.#button(words.bookMore, () => this.#home(), "primary")));
        return;
      }
      await pause(payment?.state === "open" ? 2 : 0.5);
    }
  }

  /* What became of it */

  #spots({ event_id: event, lines }) {
    if (event) return this.#words.spotsIn(lines.length, lines[0].service_name);
    return lines.map((one) => one.service_name).join(", ");
  }

  #done(appointment, title = this.#words.done) {
    const words = this.#words;
    const stage = this.#stage("done", title, { back: false });
    const team = [...new Set(appointment.lines.map((one) => this.#memberName(one.team_member_id)))];
    stage.content.append(
      h(".hero", {}, h(".disc", {}, icon("check")),
        h("p.strong", {}, this.#spots(appointment)),
        h("p", {}, this.#day(this.#date(appointment.start)), ", ", this.#clock(appointment.start),
          team[0] ? ` · ${team.filter(Boolean).join(", ")}` : ""),
        h(".tags", {}, this.#tags(appointment)),
        this.#deadline(appointment)),
      h(".actions", {},
        this.#button(words.myBookings, () => this.#open(this.#bookings), "primary"),
        this.#button(words.bookMore, () => this.#home())));
  }

  /** Deal with a refusal: ask for the code, or say why and what can be done. */
  #refusedBy(failure) {
    if (failure.passing || failure.kind === "booking-timed-out") return false;
    if (failure.kind === "phone-not-confirmed" && !this.#who && this.#wish.phone) {
      this.#instead(() => this.#code(this.#wish.phone, this.#review));
      return true;
    }
    if (failure.kind === "invalid-request"
      && failure.problem.errors?.some((one) => one.field === "phone") && !this.#who) {
      this.#instead(() => this.#contact(this.#words.wrongPhone));
      return true;
    }
    this.#tell("refused", {
      type: failure.kind, reasons: (failure.problem.reasons ?? []).map((one) => one.reason),
    });
    this.#instead(() => this.#refused(failure));
    return true;
  }

  #refused({ kind, problem }) {
    const words = this.#words;
    const { services, event, moving } = this.#wish;
    const gate = kind === "no-suitable-membership";
    const stage = this.#stage("refused", words.refused);
    const reasons = new Set((problem.reasons ?? []).map(({ reason, service_id: id }) => {
      const words_ = words.reasons[reason] ?? words.reasons.other;
      return typeof words_ === "function" ? words_(this.#service(id)?.name ?? "") : words_;
    }));
    const payable = gate && moving?.how !== "reschedule" && services.some(this.#paysOnline)
      && this.#wish.payOnline === false;
    const again = () => {
      // Everything behind the choice of the time is asked anew.
      this.#trail = [this.#services];
      this.#open(event ? this.#events : this.#time);
    };
    stage.content.append(...[
      h(".note.bad", { role: "alert", part: "refusal" }, icon("warning"), h("p.strong", {},
        gate ? words.refusedMembership : words.problems[kind] ?? problem.detail ?? words.broken)),
      reasons.size > 0 && h("section", {}, h("h3", {}, words.why), h("ul.reasons", {},
        Array.from(reasons, (text) => h("li", {}, icon("info"), h("span", {}, text))))),
      h("section", {}, h("h3", {}, words.canDo), h(".ways", {},
        payable && this.#button(words.payInstead, () => {
          this.#wish.payOnline = true;
          this.#instead(this.#review);
        }, "primary"),
        this.#button(words.otherTime, again, gate ? "" : "primary"),
        !moving && this.#button(words.otherService, () => this.#home()),
        gate && this.#who && !moving && this.#button(words.otherPhoneInstead, () => {
          this.#remember(null);
          delete this.#wish.phone;
          this.#instead(this.#contact);
        }),
        gate && h("p.small.muted", {}, words.askStudio(this.#place.location.name)))),
    ].filter(Boolean));
  }

  /* My bookings */

  #bookings() {
    const words = this.#words;
    if (!this.#who) return this.#signIn(this.#bookings);
    const edge = this.#edge;
    const { token, phone } = this.#who;
    const stage = this.#stage("bookings", words.myBookings, { back: false });
    this.#wish = {};
    this.#trail = [this.#services, this.#bookings];
    return this.#fill(stage, () => edge.get(`${edge.here}/my-bookings`, token),
      ({ appointments }) => {
        const ahead = (one) => ["accepted", "requested"].includes(one.state)
          && Date.parse(one.end) > this.#now();
        const coming = appointments.filter(ahead).reverse();
        const past = appointments.filter((one) => !ahead(one)).slice(0, 20);
        const section = (name, some) => some.length > 0 && h("section", {}, h("h3", {}, name),
          h("ul.cards", {}, some.map((one) => this.#bookingCard(one, ahead(one)))));
        return [
          !appointments.length && h("p.muted", {}, words.noBookings),
          section(words.upcoming, coming),
          section(words.past, past),
          h(".actions", {}, this.#button(words.bookMore, () => this.#home(), "primary")),
          h(".account", {}, h("span.small.muted", {}, words.signedInAs(phone)),
            h("button.quiet.small", {
              type: "button", part: "link", onclick: () => {
                this.#remember(null);
                this.#home();
              },
            }, words.signOut)),
        ];
      });
  }

  #tags(appointment) {
    const { status, withMembership, owed, partly } = this.#words;
    const tag = (kind, text, symbol) => h(`span.tag.${kind}`, { part: "status" },
      symbol && icon(symbol), text);
    const { lines, state, debit_status: debit, visit_status: visit } = appointment;
    if (state !== "accepted") return [tag(state === "cancelled" ? "off" : "plan", status[state])];
    const kinds = { automatic_debiting: "plan", debited: "good", not_debited: "bad" };
    const symbols = { automatic_debiting: "clock", debited: "check", not_debited: "warning" };
    const owes = appointment.owed.amount > 0 && debit !== "automatic_debiting";
    return [
      appointment.booked_with_membership && this.#label(withMembership),
      visit !== "pending" && tag("off", status[visit]),
      debit && tag(kinds[debit], status[debit], symbols[debit]),
      lines.length > 0 && lines.every((one) => one.paid_online)
        && tag("good", status.paid_online, "card"),
      owes && tag(Date.parse(appointment.start) > this.#now() ? "off" : "bad", appointment.payment_status === "paid_partially"
        ? partly(this.#money(appointment.owed)) : owed(this.#money(appointment.owed)), "card"),
    ].filter(Boolean);
  }

  #bookingCard(appointment, ahead) {
    const words = this.#words;
    const { free_cancellation_until: until, lines } = appointment;
    const free = Date.parse(until) > this.#now();
    const team = [...new Set(lines.map((one) => this.#memberName(one.team_member_id)))]
      .filter(Boolean);
    const name = `${this.#spots(appointment)}, ${this.#moment(appointment.start)}`;
    const offered = lines.every((one) => this.#service(one.service_id));
    const button = (label, act, kind = "") => this.#button(label, act, `compact${kind}`,
      { "aria-label": `${label}: ${name}` });
    return h(`li.booking${ahead ? "" : ".over"}`, { part: "booking" },
      h("div", {},
        h("p.strong", {}, this.#spots(appointment)),
        h("p", {}, this.#moment(appointment.start),
          team.length > 0 && h("span.muted", {}, ` · ${team.join(", ")}`))),
      h(".tags", {}, this.#tags(appointment)),
      ahead && this.#deadline(appointment),
      h(".buttons", {},
        ahead && free && offered && button(words.reschedule,
          () => this.#move(appointment, "reschedule")),
        ahead && free && button(words.cancel,
          () => this.#open(() => this.#cancel(appointment)), ".danger"),
        offered && button(words.again, () => this.#move(appointment, "repeat"))));
  }

  #move(appointment, how) {
    const { lines } = appointment;
    const services = lines.map((one) => this.#service(one.service_id));
    const members = new Set(lines.map((one) => one.team_member_id));
    const isClass = services[0].kind === "group";
    this.#wish = {
      moving: { ...appointment, how, event_id: how === "reschedule" ? appointment.event_id : null },
      services: isClass ? services.slice(0, 1) : services,
      spots: lines.length,
      member: !isClass && members.size === 1 ? [...members][0] : null,
    };
    this.#open(isClass ? this.#events : this.#time);
  }

  #cancel(appointment) {
    const words = this.#words;
    const edge = this.#edge;
    const stage = this.#stage("cancel", words.cancelBooking);
    const attempt = newKey();
    const held = appointment.booked_with_membership
      || appointment.debit_status === "automatic_debiting";
    const confirm = this.#button(words.cancelYes, () => this.#work(stage, confirm, words.loading,
      async () => {
        await edge.post(`${edge.here}/appointments/${appointment.appointment_id}/cancel`, {},
          { token: this.#who.token, attempt });
        this.#tell("cancelled", { appointment_id: appointment.appointment_id });
        this.#instead(this.#bookings);
        this.#live.textContent = words.cancelledNow;
      }), "danger");
    stage.content.append(
      h(".booking", {}, h("p.strong", {}, this.#spots(appointment)),
        h("p", {}, this.#moment(appointment.start)), h(".tags", {}, this.#tags(appointment))),
      h("p", {}, words.cancelHint, held && ` ${words.cancelSession}`,
        appointment.lines.some((one) => one.paid_online) && ` ${words.cancelRefund}`),
      this.#deadline(appointment),
      h(".actions", {}, this.#button(words.cancelNo, () => this.#back(), "primary"), confirm));
  }
}

/** The month after `month` (YYYY-MM), or so many later. */
function following(month, by = 1) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

if (!customElements.get("punchcard-booking")) {
  customElements.define("punchcard-booking", PunchcardBooking);
}
