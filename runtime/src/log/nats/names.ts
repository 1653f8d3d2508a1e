/**
 * What a log is called at the server. Each partition is a stream of its own, so that a cluster spreads them over its
 * machines and a reader of one is sent nothing of another; a session is two subjects of its partition's stream.
 */
export class Names {
  constructor(readonly log: string) {}

  /** The stream of a partition. */
  stream(partition: number): string {
    return `${this.log}-${partition}`;
  }
  get control(): string {
    return `${this.log}-control`;
  }

  /** The bucket in which workflows share the partitions out. */
  get leases(): string {
    return `${this.log}-leases`;
  }
  /** The bucket of how far each partition was stepped. */
  get places(): string {
    return `${this.log}-places`;
  }

  subjects(partition: number): string {
    return `${this.log}.${partition}.*.*`;
  }
  /** What is said in a session. */
  records(partition: number, sid: string): string {
    return `${this.log}.${partition}.${sid}.r`;
  }
  /** That the session is erased: one message, apart from the records, so that it is found whatever came behind it. */
  erased(partition: number, sid: string): string {
    return `${this.log}.${partition}.${sid}.e`;
  }
  /** The session that a message of a partition is about. */
  sidOf(subject: string): string {
    const end = subject.lastIndexOf(".");
    return subject.slice(subject.lastIndexOf(".", end - 1) + 1, end);
  }
  session(partition: number, sid: string): string {
    return `${this.log}.${partition}.${sid}.*`;
  }
  get everyErased(): string {
    return `${this.log}.*.*.e`;
  }

  get controlSubject(): string {
    return `${this.log}.control`;
  }
  signal(sid: string): string {
    return `${this.log}.signal.${sid}`;
  }
}
