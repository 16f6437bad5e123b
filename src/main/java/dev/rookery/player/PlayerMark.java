package dev.rookery.player;

import java.util.Locale;

/**
 * Why a player exists whom no client made. A player gets the mark when they are created and keeps
 * it, and never gets a sign-in method: somebody real never has one, so that a token for a marked
 * player is a token for nobody.
 */
public enum PlayerMark {
  /** For trying things out. An admin with {@code players.test} can act as this player. */
  TEST(100),

  /** A part of the sample data, which is removed as a whole. */
  SAMPLE(1_000);

  private final int max;
  private final String text = name().toLowerCase(Locale.ROOT);

  PlayerMark(int max) {
    this.max = max;
  }

  /** The most players with this mark at a time. */
  public int max() {
    return max;
  }

  /** The mark as it is stored and shown. */
  public String text() {
    return text;
  }
}
