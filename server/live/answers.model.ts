import { Schema } from 'mongoose';

/** What the house has answered, above the chat for everybody. */
export interface PinnedAnswer {
  id: string;
  /** The message it answers; null when nobody asked. */
  message: string | null;
  asker: string | null;
  question: string | null;
  text: string;
  by: string;
  at: Date;
}

const text = { type: String, required: true };

export const answerSchema = new Schema<PinnedAnswer>(
  {
    id: text,
    message: { type: String, default: null },
    asker: { type: String, default: null },
    question: { type: String, default: null },
    text,
    by: text,
    at: { type: Date, required: true },
  },
  { _id: false, id: false },
);
