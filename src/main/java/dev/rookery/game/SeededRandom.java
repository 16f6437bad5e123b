package dev.rookery.game;

import dev.rookery.extension.game.GameRandom;
import io.vertx.core.json.JsonObject;

/**
 * The random numbers of a match (openturn contract, 1.8): mulberry32, seeded by a hash of a text.
 * The same seed gives the same numbers in every implementation of the contract.
 */
public final class SeededRandom implements GameRandom {
  private static final int HASH_OFFSET = 0x811C9DC5;
  private static final int HASH_PRIME = 16_777_619;
  private static final int INCREMENT = 0x6D2B79F5;
  private static final double RANGE = 4_294_967_296.0;

  private final String seed;
  private int state;
  private long draws;

  private SeededRandom(String seed, int state, long draws) {
    this.seed = seed;
    this.state = state;
    this.draws = draws;
  }

  public static SeededRandom seeded(String seed) {
    int hash = HASH_OFFSET;
    for (int i = 0; i < seed.length(); i++) {
      hash = (hash ^ seed.charAt(i)) * HASH_PRIME;
    }
    return new SeededRandom(seed, hash, 0);
  }

  static SeededRandom restored(JsonObject saved) {
    return new SeededRandom(
        saved.getString("seed"), saved.getLong("state").intValue(), saved.getLong("draws"));
  }

  SeededRandom copy() {
    return new SeededRandom(seed, state, draws);
  }

  /** The random numbers of a bot's decision, which leave those of the match as they are. */
  SeededRandom forkForBot(String bot, String playerID, long turn) {
    return seeded("bot:%s:%s:%d:%s:%d:%d".formatted(bot, playerID, turn, seed, draws, state()));
  }

  JsonObject toJson() {
    return JsonObject.of("draws", draws, "seed", seed, "state", state());
  }

  /** The state as an unsigned number of 32 bits. */
  public long state() {
    return Integer.toUnsignedLong(state);
  }

  /** How many numbers were drawn since the seed. */
  public long draws() {
    return draws;
  }

  private long nextUnsigned() {
    state += INCREMENT;
    int mixed = (state ^ (state >>> 15)) * (state | 1);
    mixed ^= mixed + (mixed ^ (mixed >>> 7)) * (mixed | 61);
    draws++;
    return Integer.toUnsignedLong(mixed ^ (mixed >>> 14));
  }

  @Override
  public double next() {
    return nextUnsigned() / RANGE;
  }

  @Override
  public int nextInt(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("the bound is " + bound);
    }
    return (int) (next() * bound);
  }
}
