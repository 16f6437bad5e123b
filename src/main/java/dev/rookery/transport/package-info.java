/**
 * Authentication and encryption of the connections between nodes, with keys derived from the secret
 * that the nodes share: TLS for the event bus, and a handshake with encryption for Hazelcast, whose
 * open-source edition has neither.
 */
@NullMarked
package dev.rookery.transport;

import org.jspecify.annotations.NullMarked;
