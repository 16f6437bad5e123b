package dev.rookery.edge;

import dev.rookery.base.PlayerId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits the sockets of pages, all of them and those of one player. A socket counts from before it
 * is opened, so that many that are opened at once stay within the limits. Thread-safe.
 */
public final class SocketQuota {
  private final int max;
  private final int perPlayer;
  private final Map<PlayerId, Integer> byPlayer = new HashMap<>();
  private int all;

  public SocketQuota(int max, int perPlayer) {
    this.max = max;
    this.perPlayer = perPlayer;
  }

  /** Whether no further socket can be reserved, for whichever player. */
  public synchronized boolean isFull() {
    return all >= max;
  }

  /** Counts a socket of a player; null if there are too many of theirs or of all. */
  public synchronized @Nullable Reservation reserve(PlayerId player) {
    int own = byPlayer.getOrDefault(player, 0);
    if (all >= max || own >= perPlayer) {
      return null;
    }
    all++;
    byPlayer.put(player, own + 1);
    return new Reservation(player);
  }

  private synchronized void release(Reservation reservation) {
    if (!reservation.released) {
      reservation.released = true;
      all--;
      int own = byPlayer.getOrDefault(reservation.player, 0);
      if (own > 1) {
        byPlayer.put(reservation.player, own - 1);
      } else {
        byPlayer.remove(reservation.player);
      }
    }
  }

  /** A socket that counts until it is released. */
  public final class Reservation {
    private final PlayerId player;
    private boolean released;

    private Reservation(PlayerId player) {
      this.player = player;
    }

    /** Counts the socket no more. Idempotent. */
    public void release() {
      SocketQuota.this.release(this);
    }
  }
}
