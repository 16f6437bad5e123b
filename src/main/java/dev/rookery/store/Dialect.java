package dev.rookery.store;

/** The few differences in SQL between the two databases. */
public enum Dialect {
  SQLITE,
  POSTGRES;

  /**
   * Suffix of a SELECT inside a transaction that locks the rows until its end. SQLite has one
   * writer and needs none.
   */
  public String forUpdate() {
    return this == POSTGRES ? " FOR UPDATE" : "";
  }

  /**
   * Suffix of a text that is compared by code points, whatever the locale of the database: a range
   * of texts then equals the texts with one prefix. SQLite compares no other way.
   */
  public String byCodePoint() {
    return this == POSTGRES ? " COLLATE \"C\"" : "";
  }

  /**
   * As {@link #forUpdate}, but skips rows that other transactions have locked: where any row will
   * do, and for maintenance that two nodes may run at once.
   */
  public String forUpdateSkipLocked() {
    return this == POSTGRES ? " FOR UPDATE SKIP LOCKED" : "";
  }

  /**
   * As {@link #forUpdate}, but with a shared lock: others may read the row with the same lock, and
   * nobody may change it.
   */
  public String forShare() {
    return this == POSTGRES ? " FOR SHARE" : "";
  }

  /**
   * As {@link #forUpdate}, but with the weakest lock, which an insert of a row that refers to this
   * one takes too: others may change the row, but neither delete it nor lock it for an update.
   */
  public String forKeyShare() {
    return this == POSTGRES ? " FOR KEY SHARE" : "";
  }
}
