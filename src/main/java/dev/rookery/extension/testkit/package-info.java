/**
 * The test kit of extensions: a complete server inside the JVM of a test, and players who use it.
 *
 * <pre>{@code
 * try (var node = EmbeddedNode.start()) {
 *   node.deploy("my-game", MyGame.class);
 *   TestPlayer ann = node.signIn("ann");
 *   assertEquals("Hello Ann", ann.call("my-game", "greet", "Ann"));
 * }
 * }</pre>
 *
 * <p>Nothing is simulated: the extension is loaded as in production, and players reach it over HTTP
 * and WebSockets. The server comes from the jar that the system property {@code rookery.jar} names,
 * by a class loader of its own, so that its libraries do not meet those of the test.
 */
@NullMarked
package dev.rookery.extension.testkit;

import org.jspecify.annotations.NullMarked;
