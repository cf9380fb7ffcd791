/* What a power cut leaves of a folder, without cutting any power.
 *
 * Preloaded into a process (LD_PRELOAD), it watches fsync and fdatasync below POWERCUT_ROOT. Bytes of a file reach
 * POWERCUT_SHADOW/inodes/<inode> only when that file is synced, names of a folder reach POWERCUT_SHADOW/names/<folder>
 * only when that folder is. After a kill the shadow is what would be on the disk: everything that was only written is
 * not in it. A kill in the middle of a sync leaves a part of the new bytes, as a disk may.
 *
 * While the file that POWERCUT_EIO names is there, every sync below the root fails with EIO instead.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static const char *below_root(const char *path) {
    const char *root = getenv("POWERCUT_ROOT");
    size_t length = root ? strlen(root) : 0;
    if (!length || strncmp(path, root, length) != 0) return NULL;
    return path[length] == '/' ? path + length + 1 : path[length] ? NULL : path + length;
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return 1;
}

static void keep_bytes(int fd, const char *path, const struct stat *stat) {
    char target[PATH_MAX], buffer[65536];
    snprintf(target, sizeof target, "%s/inodes/%lu", getenv("POWERCUT_SHADOW"), (unsigned long)stat->st_ino);
    int to = open(target, O_WRONLY | O_CREAT, 0600);
    /* Another descriptor of the file would drop the locks SQLite holds on it when it is closed: only for those that
       can not be read through their own, and SQLite's can. */
    int from = (fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY ? open(path, O_RDONLY) : fd;
    off_t at = 0;
    ssize_t got;
    while ((got = pread(from, buffer, sizeof buffer, at)) > 0) {
        if (pwrite(to, buffer, got, at) != got) abort();
        at += got;
    }
    if (ftruncate(to, at) != 0) abort();
    close(to);
    if (from != fd) close(from);
}

static void keep_names(const char *path, const char *folder) {
    char target[2 * PATH_MAX], draft[PATH_MAX], name[PATH_MAX];
    snprintf(name, sizeof name, "=%s", folder);
    for (char *at = name; *at; at++) if (*at == '/') *at = '%';
    snprintf(target, sizeof target, "%s/names/%s", getenv("POWERCUT_SHADOW"), name);
    snprintf(draft, sizeof draft, "%s/draft", getenv("POWERCUT_SHADOW"));
    FILE *list = fopen(draft, "w");
    DIR *open_folder = opendir(path);
    if (!list || !open_folder) abort();
    for (struct dirent *entry; (entry = readdir(open_folder));)
        if (entry->d_type == DT_REG) fprintf(list, "%lu %s\n", (unsigned long)entry->d_ino, entry->d_name);
    closedir(open_folder);
    fclose(list);
    if (rename(draft, target) != 0) abort();
}

/* 1 when the sync is ours and done, 0 when it is none of ours, -1 when it fails. */
static int keep(int fd) {
    char path[PATH_MAX];
    struct stat stat;
    const char *name, *failing = getenv("POWERCUT_EIO");
    if (!path_of(fd, path) || !(name = below_root(path)) || fstat(fd, &stat) != 0) return 0;
    if (failing && access(failing, F_OK) == 0) {
        errno = EIO;
        return -1;
    }
    if (!getenv("POWERCUT_SHADOW")) return 0;
    pthread_mutex_lock(&one_at_a_time);
    if (S_ISDIR(stat.st_mode)) keep_names(path, name);
    else keep_bytes(fd, path, &stat);
    pthread_mutex_unlock(&one_at_a_time);
    return 1;
}

#define SYNC(call)                                                        \
    int call(int fd) {                                                    \
        int kept = keep(fd);                                              \
        if (kept) return kept < 0 ? -1 : 0;                               \
        return ((int (*)(int))dlsym(RTLD_NEXT, #call))(fd);               \
    }

SYNC(fsync)
SYNC(fdatasync)

/* A removed file keeps its inode until the end of the round, so that no other file is taken for it. */
int unlink(const char *path) {
    char grave[PATH_MAX];
    struct stat stat;
    if (getenv("POWERCUT_SHADOW") && below_root(path) && lstat(path, &stat) == 0) {
        snprintf(grave, sizeof grave, "%s/removed/%lu", getenv("POWERCUT_SHADOW"), (unsigned long)stat.st_ino);
        if (link(path, grave) != 0 && errno != EEXIST) abort();
    }
    return ((int (*)(const char *))dlsym(RTLD_NEXT, "unlink"))(path);
}
