export { isMailAddress, maskAddress } from './address.ts';
export { mailJobs } from './jobs.ts';
export { createOutbox, type MailDoc, type MailSubject, type NewMail, type Outbox } from './outbox.ts';
export { keepsMails, mailTransport } from './settings.ts';
export { createMailSender, type Compose, type MailSender } from './sender.ts';
export type { Delivery, Letter, MailContent, MailTransport } from './transport.ts';
