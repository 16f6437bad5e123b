package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits the sockets of console pages, all of them and those of one admin. A socket counts from
 * before it is opened, so that many that are opened at once stay within the limits. Thread-safe.
 */
final class SocketQuota {
  private final int max;
  private final int perAdmin;
  private final Map<PlayerId, Integer> byAdmin = new HashMap<>();
  private int all;

  SocketQuota(int max, int perAdmin) {
    this.max = max;
    this.perAdmin = perAdmin;
  }

  /** Whether no further socket can be reserved, for whichever admin. */
  synchronized boolean isFull() {
    return all >= max;
  }

  /** Counts a socket of an admin; null if there are too many of theirs or of all. */
  synchronized @Nullable Reservation reserve(PlayerId admin) {
    int own = byAdmin.getOrDefault(admin, 0);
    if (all >= max || own >= perAdmin) {
      return null;
    }
    all++;
    byAdmin.put(admin, own + 1);
    return new Reservation(admin);
  }

  private synchronized void release(Reservation reservation) {
    if (!reservation.released) {
      reservation.released = true;
      all--;
      int own = byAdmin.getOrDefault(reservation.admin, 0);
      if (own > 1) {
        byAdmin.put(reservation.admin, own - 1);
      } else {
        byAdmin.remove(reservation.admin);
      }
    }
  }

  /** A socket that counts until it is released. */
  final class Reservation {
    private final PlayerId admin;
    private boolean released;

    private Reservation(PlayerId admin) {
      this.admin = admin;
    }

    /** Counts the socket no more. Idempotent. */
    void release() {
      SocketQuota.this.release(this);
    }
  }
}
