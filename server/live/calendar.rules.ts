/** A live as a calendar knows it. */
export interface CalendarEvent {
  id: string;
  title: string;
  about: string;
  url: string;
  startsAt: Date;
  /** When it was changed last. */
  stamp: Date;
}

/** Nobody knows how long a live will be; an entry without an end is shown as an instant. */
const DURATION = 'PT2H';

/** An iCalendar file (RFC 5545) with one event and an alarm ten minutes before it. */
export function calendarFile({ id, title, about, url, startsAt, stamp }: CalendarEvent): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Shanxiang//Live//ZH',
    'METHOD:PUBLISH',
    'BEGIN:VEVENT',
    `UID:live-${id}@${new URL(url).hostname}`,
    `DTSTAMP:${utc(stamp)}`,
    `DTSTART:${utc(startsAt)}`,
    `DURATION:${DURATION}`,
    `SUMMARY:${escaped(title)}`,
    `DESCRIPTION:${escaped(`${about}\n${url}`.trim())}`,
    `URL:${url}`,
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'TRIGGER:-PT10M',
    `DESCRIPTION:${escaped(title)}`,
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return `${lines.map(folded).join('\r\n')}\r\n`;
}

function utc(at: Date): string {
  return `${at.toISOString().replaceAll(/[-:]/g, '').slice(0, 15)}Z`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, (sign) => `\\${sign}`).replaceAll(/\r?\n/g, '\\n');
}

/** No line is longer than 75 octets (3.1); a character is never torn apart. */
function folded(line: string): string {
  const rows: string[] = [];
  let row = '';
  let octets = 0;
  for (const char of line) {
    const size = new TextEncoder().encode(char).length;
    if (octets + size > 75) {
      rows.push(row);
      row = ' ';
      octets = 1;
    }
    row += char;
    octets += size;
  }
  return [...rows, row].join('\r\n');
}
