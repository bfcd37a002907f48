/** Group role of the application: reads and writes rows under row-level security, owns nothing. */
export const APP_ROLE = 'espalier_app';
/** Group role of the queue: sees which runs wait, and nothing else of ours. Its login role owns the queue's schema. */
export const QUEUE_ROLE = 'espalier_queue';
