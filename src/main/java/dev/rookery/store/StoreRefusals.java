package dev.rookery.store;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;

/** The refusals of the store itself. In all of them nothing was changed. */
final class StoreRefusals {
  private StoreRefusals() {}

  /** More calls wait than may. */
  static Refused busy() {
    return new Refused(new Refusal.Unavailable("store_busy"));
  }

  /** The database is away, full or broken. */
  static Refused unavailable() {
    return new Refused(new Refusal.Unavailable("store_unavailable"));
  }

  /** One statement took too long and was stopped. */
  static Refused timeout() {
    return new Refused(new Refusal.Unavailable("store_timeout"));
  }
}
