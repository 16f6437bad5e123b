package dev.rookery.store;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;

/** The refusals of the store itself. In each case nothing was changed. */
final class StoreRefusals {
  private StoreRefusals() {}

  /** Too many calls are waiting. */
  static Refused busy() {
    return new Refused(new Refusal.Unavailable("store_busy"));
  }

  /** The database is unavailable, full or broken. */
  static Refused unavailable() {
    return new Refused(new Refusal.Unavailable("store_unavailable"));
  }

  /** A statement exceeded its timeout and was stopped. */
  static Refused timeout() {
    return new Refused(new Refusal.Unavailable("store_timeout"));
  }
}
