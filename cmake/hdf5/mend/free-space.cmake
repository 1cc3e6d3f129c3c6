# Free-space lists that disagree with their headers, lie outside the file, overlap, or belong to another object. HDF5 reads and
# writes beyond its buffers when such a file is merely opened for writing and closed.
# Test: hostile/free-space. Upstream: CVE-2025-2914, CVE-2025-6270, CVE-2025-7067, CVE-2025-7069.
h5tracks_mend(
  src/H5FS.c
[=[
    fprintf(stderr, "%s: fspace->rc = %u\n", __func__, fspace->rc);
#endif /* H5FS_DEBUG */

]=]
[=[
    fprintf(stderr, "%s: fspace->rc = %u\n", __func__, fspace->rc);
#endif /* H5FS_DEBUG */

    if (fspace->nclasses != nclasses ||
        fspace->client != (cls_init_udata == f ? H5FS_CLIENT_FILE_ID : H5FS_CLIENT_FHEAP_ID)) {
        H5AC_unprotect(f, H5AC_FSPACE_HDR, fs_addr, fspace, H5AC__NO_FLAGS_SET);
        HGOTO_ERROR(H5E_FSPACE, H5E_CANTPROTECT, NULL, "free space manager belongs to another object");
    }

]=]
  src/H5FScache.c
[=[
    UINT32DECODE(image, stored_chksum);
]=]
[=[
    UINT32DECODE(image, stored_chksum);

    if (0 == fspace->max_sect_addr || fspace->max_sect_addr > 64 || 0 == fspace->max_sect_size ||
        fspace->serial_sect_count > fspace->tot_sect_count ||
        fspace->ghost_sect_count != fspace->tot_sect_count - fspace->serial_sect_count)
        HGOTO_ERROR(H5E_FSPACE, H5E_CANTLOAD, NULL, "free space header contradicts itself");
    if (H5_addr_defined(fspace->sect_addr)) {
        if (0 == fspace->serial_sect_count || fspace->sect_size < H5FS_SINFO_PREFIX_SIZE(udata->f) ||
            fspace->sect_size > fspace->alloc_sect_size ||
            fspace->alloc_sect_size > H5F_get_eoa(udata->f, H5FD_MEM_FSPACE_SINFO) ||
            fspace->serial_sect_count > fspace->sect_size || fspace->sect_addr == fspace->addr)
            HGOTO_ERROR(H5E_FSPACE, H5E_CANTLOAD, NULL, "free space header contradicts itself");
    }
    else if (fspace->tot_sect_count > 0)
        HGOTO_ERROR(H5E_FSPACE, H5E_CANTLOAD, NULL, "free space sections have no address");
]=]
  src/H5FScache.c
[=[
static void *
H5FS__cache_sinfo_deserialize(const void *_image, size_t H5_ATTR_NDEBUG_UNUSED len, void *_udata,
                              bool H5_ATTR_NDEBUG_UNUSED *dirty)
]=]
[=[
static bool
H5FS__sect_plausible(const H5F_t *f, const H5FS_t *fspace, haddr_t addr, hsize_t size)
{
    const H5FS_section_info_t *other;
    haddr_t                    end;

    if (fspace->client != H5FS_CLIENT_FILE_ID)
        return true;
    end = H5F_get_eoa(f, H5FD_MEM_DEFAULT);
    if (0 == addr || addr >= end || size > end - addr)
        return false;
    if (NULL == fspace->sinfo->merge_list)
        return true;
    if (NULL != (other = (const H5FS_section_info_t *)H5SL_less(fspace->sinfo->merge_list, &addr)) &&
        other->size > addr - other->addr)
        return false;
    return NULL == (other = (const H5FS_section_info_t *)H5SL_greater(fspace->sinfo->merge_list, &addr)) ||
           size <= other->addr - addr;
}

static void *
H5FS__cache_sinfo_deserialize(const void *_image, size_t len, void *_udata, bool H5_ATTR_NDEBUG_UNUSED *dirty)
]=]
  src/H5FScache.c
[=[
    const uint8_t         *image = (const uint8_t *)_image;         /* Pointer into raw data buffer */
]=]
[=[
    const uint8_t         *image = (const uint8_t *)_image;         /* Pointer into raw data buffer */
    const uint8_t         *image_end;
    hsize_t                old_tot_sect_count, old_serial_sect_count, old_ghost_sect_count, old_tot_space;
]=]
  src/H5FScache.c
[=[

    /* Allocate a new free space section info */
]=]
[=[

    old_tot_sect_count    = fspace->tot_sect_count;
    old_serial_sect_count = fspace->serial_sect_count;
    old_ghost_sect_count  = fspace->ghost_sect_count;
    old_tot_space         = fspace->tot_space;

    /* Allocate a new free space section info */
]=]
  src/H5FScache.c
[=[
    H5_CHECKED_ASSIGN(old_sect_size, size_t, fspace->sect_size, hsize_t);
]=]
[=[
    H5_CHECKED_ASSIGN(old_sect_size, size_t, fspace->sect_size, hsize_t);
    if (len != old_sect_size)
        HGOTO_ERROR(H5E_FSPACE, H5E_CANTLOAD, NULL, "free space sections are of another size");
    image_end = image + old_sect_size - H5FS_SIZEOF_CHKSUM;
]=]
  src/H5FScache.c
[=[
        hsize_t old_tot_sect_count; /* Total section count from header */
        hsize_t H5_ATTR_NDEBUG_UNUSED
            old_serial_sect_count;                          /* Total serializable section count from header */
        hsize_t H5_ATTR_NDEBUG_UNUSED old_ghost_sect_count; /* Total ghost section count from header */
        hsize_t H5_ATTR_NDEBUG_UNUSED old_tot_space;        /* Total space managed from header */
        unsigned                      sect_cnt_size;        /* The size of the section size counts */
]=]
[=[
        unsigned sect_cnt_size; /* The size of the section size counts */
]=]
  src/H5FScache.c
[=[
        old_tot_sect_count        = fspace->tot_sect_count;
        old_serial_sect_count     = fspace->serial_sect_count;
        old_ghost_sect_count      = fspace->ghost_sect_count;
        old_tot_space             = fspace->tot_space;
]=]
[=[
]=]
  src/H5FScache.c
[=[
            /* The number of sections of this node's size */
            UINT64DECODE_VAR(image, node_count, sect_cnt_size);
            assert(node_count);
]=]
[=[
            if ((size_t)(image_end - image) < sect_cnt_size + sinfo->sect_len_size)
                HGOTO_ERROR(H5E_FSPACE, H5E_CANTDECODE, NULL, "fewer free space sections than claimed");

            /* The number of sections of this node's size */
            UINT64DECODE_VAR(image, node_count, sect_cnt_size);
]=]
  src/H5FScache.c
[=[
            assert(sect_size);
]=]
[=[
            if (0 == node_count || 0 == sect_size || sect_size > fspace->max_sect_size)
                HGOTO_ERROR(H5E_FSPACE, H5E_CANTDECODE, NULL, "free space sections of an impossible size");
]=]
  src/H5FScache.c
[=[

                /* The address of the section */
]=]
[=[

                if ((size_t)(image_end - image) < (size_t)sinfo->sect_off_size + 1)
                    HGOTO_ERROR(H5E_FSPACE, H5E_CANTDECODE, NULL, "fewer free space sections than claimed");

                /* The address of the section */
]=]
  src/H5FScache.c
[=[
                sect_type = *image++;
]=]
[=[
                sect_type = *image++;
                if (sect_type >= fspace->nclasses || NULL == fspace->sect_cls[sect_type].deserialize ||
                    (size_t)(image_end - image) < fspace->sect_cls[sect_type].serial_size)
                    HGOTO_ERROR(H5E_FSPACE, H5E_CANTDECODE, NULL, "free space section of an unknown type");
                if (!H5FS__sect_plausible(udata->f, fspace, sect_addr, sect_size))
                    HGOTO_ERROR(H5E_FSPACE, H5E_CANTDECODE, NULL, "free space section where there is none");
]=]
  src/H5FScache.c
[=[
                assert(fspace->sect_cls[sect_type].deserialize);
]=]
[=[
]=]
  src/H5FScache.c
[=[
        } while (image < (((const uint8_t *)_image + old_sect_size) - H5FS_SIZEOF_CHKSUM));

        /* Sanity check */
        assert((size_t)(image - (const uint8_t *)_image) <= (old_sect_size - H5FS_SIZEOF_CHKSUM));
]=]
[=[
        } while (image < image_end);

        if (old_tot_sect_count != fspace->tot_sect_count || old_serial_sect_count != fspace->serial_sect_count ||
            old_tot_space != fspace->tot_space)
            HGOTO_ERROR(H5E_FSPACE, H5E_CANTDECODE, NULL, "free space sections are not those of their header");

        /* Sanity check */
]=]
  src/H5FScache.c
[=[
    if (!ret_value && sinfo)
        if (H5FS__sinfo_dest(sinfo) < 0)
            HDONE_ERROR(H5E_FSPACE, H5E_CANTFREE, NULL, "unable to destroy free space info");
]=]
[=[
    if (!ret_value && sinfo) {
        if (H5FS__sinfo_dest(sinfo) < 0)
            HDONE_ERROR(H5E_FSPACE, H5E_CANTFREE, NULL, "unable to destroy free space info");

        fspace->tot_sect_count    = old_tot_sect_count;
        fspace->serial_sect_count = old_serial_sect_count;
        fspace->ghost_sect_count  = old_ghost_sect_count;
        fspace->tot_space         = old_tot_space;
    }
]=]
  src/H5FSsection.c
[=[
    bin = H5VM_log2_gen(sect->size);
    assert(bin < sinfo->nbins);
    if (sinfo->bins[bin].bin_list == NULL) {
]=]
[=[
    bin = H5VM_log2_gen(sect->size);
    if (bin >= sinfo->nbins)
        HGOTO_ERROR(H5E_FSPACE, H5E_BADSIZE, FAIL, "section is larger than its free space manager tracks");
    if (sinfo->bins[bin].bin_list == NULL) {
]=]
  src/H5FSsection.c
[=[
    bin = H5VM_log2_gen(request);
    assert(bin < fspace->sinfo->nbins);
]=]
[=[
    bin = H5VM_log2_gen(request);
    if (bin >= fspace->sinfo->nbins)
        HGOTO_DONE(false);
]=]
  src/H5MF.c
[=[
    H5MF_free_section_t *node = NULL;               /* Free space section pointer */
]=]
[=[
    H5MF_free_section_t *node = NULL;               /* Free space section pointer */
    H5MF_free_section_t *added;
]=]
  src/H5MF.c
[=[
        /* Add to the free space for the file */
        if (H5MF__add_sect(f, alloc_type, f->shared->fs_man[fs_type], node) < 0)
            HGOTO_ERROR(H5E_RESOURCE, H5E_CANTINSERT, FAIL, "can't add section to file free space");
        node = NULL;
]=]
[=[
        /* Add to the free space for the file; where that fails, it may be among the sections, or merged with one */
        added = node;
        node  = NULL;
        if (H5MF__add_sect(f, alloc_type, f->shared->fs_man[fs_type], added) < 0)
            HGOTO_ERROR(H5E_RESOURCE, H5E_CANTINSERT, FAIL, "can't add section to file free space");
]=])
