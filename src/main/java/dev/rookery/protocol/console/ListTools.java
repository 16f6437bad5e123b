package dev.rookery.protocol.console;

/** What every list of the console has beside its rows. */
record ListTools(Exports exports) {
  static ListTools of(Changes changes) {
    return new ListTools(new Exports(changes));
  }
}
