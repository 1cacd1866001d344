package org.nngjava.workers;

class MemoryJobStoreTest extends JobStoreContract {
    private final MemoryJobStore store = new MemoryJobStore();

    @Override
    protected JobStore store() {
        return store;
    }
}
