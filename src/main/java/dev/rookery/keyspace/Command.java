package dev.rookery.keyspace;

/** A command of the table with the code that runs it. */
record Command(CommandInfo info, Handler handler) {
  /** Runs a command whose number of arguments fits. */
  @FunctionalInterface
  interface Handler {
    /** Throws {@link CommandError} before it changes anything, or replies. */
    Reply run(Call call);
  }
}
