/**
 * Loads extensions, keeps each apart from the server and from others, replaces them while they
 * serve calls, and calls their functions.
 *
 * <p>What extensions themselves see is {@code dev.rookery.extension}.
 */
@NullMarked
package dev.rookery.extensionhost;

import org.jspecify.annotations.NullMarked;
