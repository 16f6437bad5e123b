package dev.rookery.node;

import dev.rookery.auth.PasswordCost;
import dev.rookery.base.Ids;
import dev.rookery.edge.Protocol;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Time, randomness, the cost of passwords and further protocols, which tests replace.
 *
 * @param passwordCost the cost of new password hashes
 * @param protocols served beside the node's own
 * @param blocked called with a description of each blocked thread, after it was logged
 */
public record NodeDependencies(
    InstantSource clock,
    Ids ids,
    RandomGenerator random,
    PasswordCost passwordCost,
    List<Protocol> protocols,
    Consumer<String> blocked) {
  public NodeDependencies {
    protocols = List.copyOf(protocols);
  }

  public static NodeDependencies production() {
    return new NodeDependencies(
        Clock.systemUTC(),
        new RandomIds(),
        new SecureRandom(),
        PasswordCost.RECOMMENDED,
        List.of(),
        _ -> {});
  }

  public NodeDependencies with(InstantSource other) {
    return new NodeDependencies(other, ids, random, passwordCost, protocols, blocked);
  }

  public NodeDependencies with(Protocol... others) {
    return new NodeDependencies(clock, ids, random, passwordCost, List.of(others), blocked);
  }

  public NodeDependencies with(PasswordCost other) {
    return new NodeDependencies(clock, ids, random, other, protocols, blocked);
  }

  public NodeDependencies onBlockedThread(Consumer<String> listener) {
    return new NodeDependencies(clock, ids, random, passwordCost, protocols, listener);
  }
}
