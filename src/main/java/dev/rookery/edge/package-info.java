/**
 * The HTTP server, its WebSockets and their limits. It depends on no domain and no protocol: each
 * {@link dev.rookery.edge.Protocol} mounts its own routes on the shared router. Everything here
 * runs on an event loop and must not block.
 */
@NullMarked
package dev.rookery.edge;

import org.jspecify.annotations.NullMarked;
