package org.nngjava.workers;

class MemoryJobStoreTest extends JobStoreContract {
    private final MemoryJobStore store = new MemoryJobStore();

    @Override
    JobStore store() {
        return store;
    }
}
