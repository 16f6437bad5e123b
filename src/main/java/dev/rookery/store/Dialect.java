package dev.rookery.store;

/** What must differ between the two databases; everything else is one text. */
public enum Dialect {
  SQLITE,
  POSTGRES;

  /**
   * Appended to a SELECT inside a transaction to hold the rows until its end. SQLite has one writer
   * and holds everything anyway.
   */
  public String forUpdate() {
    return this == POSTGRES ? " FOR UPDATE" : "";
  }

  /**
   * The same, but passes over rows that others hold: where any row will do, and for upkeep that two
   * nodes may do at once.
   */
  public String forUpdateOfFree() {
    return this == POSTGRES ? " FOR UPDATE SKIP LOCKED" : "";
  }

  /** As {@link #forUpdate}, for one who does not change the row and lets others read it so too. */
  public String forShare() {
    return this == POSTGRES ? " FOR SHARE" : "";
  }
}
