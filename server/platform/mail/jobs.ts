import type { Job } from '../jobs.ts';
import type { Outbox } from './outbox.ts';
import type { MailSender } from './sender.ts';

export function mailJobs(outbox: Outbox, sender: MailSender): Job[] {
  return [
    // Only wakes: a letter that hangs must not hold up the process that wants to end.
    { name: 'mail.send', everyMs: 2_000, everywhere: true, run: async () => sender.wake() },
    { name: 'mail.removeOld', everyMs: 3_600_000, run: () => outbox.removeOld() },
  ];
}
