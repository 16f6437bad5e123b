/**
 * Stored objects: JSON objects of the game, each named by a collection, a key, and the player and
 * lobby that it belongs to, if any. Other domains and wires reach them by {@link
 * dev.rookery.storage.StorageCommand} alone.
 *
 * <p>An object has a version, which is the digest of its content, so that a write can be made
 * conditional: of two devices that write the same object, the second one is refused and sees that
 * the content has changed. The changes of one command are all made or none.
 */
@NullMarked
package dev.rookery.storage;

import org.jspecify.annotations.NullMarked;
