/**
 * The API of extensions: what a game adds to a Rookery server in a jar of its own.
 *
 * <p>A jar holds one {@link dev.rookery.extension.Extension}, named in {@code
 * META-INF/services/dev.rookery.extension.Extension}. The server loads it, replaces it by a newer
 * version and removes it while players are connected.
 *
 * <p>An extension sees this package, Vert.x, Netty, SLF4J, Micrometer, Jackson, JSpecify and the
 * JDK, in the versions of the server. Every other library belongs into its own jar, and no other
 * class of the server is visible to it. This package only grows: what compiles against one version
 * works with every later one.
 *
 * <p>Extensions are trusted code. They are kept apart from each other and from the server so that a
 * mistake in one harms nobody else, and not as a defence against a jar that means harm.
 */
@NullMarked
package dev.rookery.extension;

import org.jspecify.annotations.NullMarked;
